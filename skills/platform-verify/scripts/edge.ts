import * as z from 'zod'
import { openProbe } from '../../../verify/check.ts'
import { kongWays } from '../../../verify/edge/pair.ts'
import { runEdge } from '../../../verify/edge/run.ts'
import { ownTokens } from '../../../verify/edge/tokens.ts'
import { defineScript, runAsMain } from '../../script.ts'

const edge = defineScript({
  about: 'Sends requests, wrong ones too, to what stands before the API, and compares the answers.',
  effect: 'probes',
  needs: ['platform'],
  input: z.object({
    url: z.url().optional().describe('where; by default the API itself').meta({ positional: true }),
    kong: z.boolean().default(false).describe('it is Kong, which may differ where docs/access.md says'),
  }),
  output: z.object({
    url: z.string(),
    answered: z.number().int(),
    differs: z.array(z.object({ id: z.string(), differs: z.array(z.string()) })),
    may_differ: z.record(z.string(), z.string()),
  }),
  async run({ url, kong }, { config }) {
    const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
    const place = { url: url ?? probe.url, by: kong ? 'kong' : 'api' } as const
    const findings = await runEdge({ ...place, ...ownTokens(config, probe.secret) })
    const differs = findings.filter(one => one.differs.length > 0).map(one => ({ ...one, differs: [...one.differs] }))
    const answered = findings.length - differs.length
    const summary = `${answered} of ${findings.length} answers are right`
    const data = { url: place.url, answered, differs, may_differ: kong ? { ...kongWays } : {} }
    if (differs.length === 0) return { summary, data }
    const message = [summary, ...differs.slice(0, 5).map(one => `${one.id}: ${one.differs.join('; ')}`)].join('\n')
    const hint = 'verify/edge has each request; docs/access.md says what holds.'
    return { summary, data, failure: { code: 'CHECK_FAILED', message, hint } }
  },
})
export default edge
if (import.meta.main) await runAsMain(import.meta, edge)
