import * as z from 'zod'
import { findPlatform, targetOf } from '../../../platform/targets/resolve.ts'
import { counted } from '../../../schemas/counted.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Finding } from '../finding.ts'
import { lookInside } from '../look.ts'
import { secretTroubles } from '../secret.ts'
import { withoutSymptoms } from '../symptoms.ts'
import { troublesOutside } from '../outside.ts'

const told = 3

const diagnose = defineScript({
  about:
    'Looks at everything that can be wrong, inside and around the platform, and names cause, evidence and fix of each trouble.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({
    findings: z.array(Finding),
    symptoms: z.array(Finding).describe('seen only because of the findings'),
  }),
  async run(_input, { config, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    progress('looking at the machine and the platform, for at most a few seconds')
    const target = await targetOf(folder)
    const [found, processes] = await Promise.all([findPlatform(folder), target.troubles(folder)])
    // A process that does not answer outside would not answer inside either.
    const answers = processes.usable && found !== undefined && (!target.oneProcess || found.health !== undefined)
    const [outside, inside, secret] = await Promise.all([
      troublesOutside(config, found, target, processes.up),
      answers ? lookInside(config, false, signal) : [],
      answers ? secretTroubles(config, found) : [],
    ])
    // When nobody started the platform, every process is down.
    const dead = processes.up === 0 ? [] : processes.findings
    const { causes: findings, symptoms } = withoutSymptoms([...dead, ...outside, ...secret, ...inside])
    const [first] = findings
    if (first === undefined)
      return {
        summary: `nothing wrong: ready at ${found?.running.url ?? ''}, agents, log, state and history agree`,
        data: { findings: [], symptoms: [] },
      }
    const lines = findings
      .slice(0, told)
      .map(({ cause, evidence }) => `${cause} (${evidence.replaceAll(/\s+/g, ' ').slice(0, 110)})`)
    const more = findings.length > told ? [`and ${findings.length - told} more`] : []
    if (symptoms.length > 0)
      more.push(`and ${symptoms.length} more that follow from ${findings.length > 1 ? 'them' : 'it'}`)
    return {
      summary: counted(findings.length, 'trouble'),
      data: { findings, symptoms },
      failure: { code: first.code, message: [...lines, ...more].join('\n'), hint: first.fix },
    }
  },
})

export default diagnose
if (import.meta.main) await runAsMain(import.meta, diagnose)
