import * as z from 'zod'
import type { Config } from '../../../platform/config.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { askOwner } from '../../../platform/operator.ts'
import { findPlatform, type Found } from '../../platform-up/running.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Finding } from '../finding.ts'
import { troublesOutside } from '../outside.ts'

const told = 3

const diagnose = defineScript({
  about: 'Looks at everything that can be wrong, inside and around the platform, and names cause, evidence and fix of each trouble.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ findings: z.array(Finding) }),
  async run(_input, { config, progress, signal }) {
    const found = await findPlatform(config.LEARNFLOW_DATA_DIR)
    progress('looking at the machine, then at the platform')
    const outside = await troublesOutside(config, found)
    // One that does not answer outside would not answer inside either, and would be waited for without end.
    const findings = [...outside, ...(found?.health === undefined ? [] : await inside(found, config, signal))]
    const [first] = findings
    if (first === undefined)
      return { summary: `nothing wrong: ready at ${found?.running.url ?? ''}, agents, log, state and history agree`, data: { findings: [] } }
    const lines = findings.slice(0, told).map(({ cause, evidence }) => `${cause} (${evidence.replaceAll(/\s+/g, ' ').slice(0, 110)})`)
    const more = findings.length > told ? [`and ${findings.length - told} more`] : []
    throw new PlatformError(first.code, [...lines, ...more].join('\n'), { hint: first.fix })
  },
})

/** The troubles that the platform itself knows of; one that cannot tell them has another. */
async function inside(found: Found, config: Config, signal: AbortSignal): Promise<z.infer<typeof Told>> {
  try {
    if (found.running.target !== 'embedded')
      return [
        {
          code: 'INVALID_INPUT',
          cause: `agents, log, state and history are not compared on the target ${found.running.target}`,
          evidence: 'its processes and its API are all that was looked at',
          fix: 'learnflow verify; learnflow kafka-topics lag exercise; learnflow state-store status',
        },
      ]
    const answer = await askOwner(config.LEARNFLOW_DATA_DIR, { op: 'incident-triage/troubles', args: {}, dry_run: false }, () => {}, signal)
    return Told.parse((answer?.result as { data: { findings: unknown } } | undefined)?.data.findings ?? [])
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return [{ code: error.code, cause: 'the platform cannot tell its troubles', evidence: error.message, fix: error.hint }]
  }
}

const Told = z.array(Finding.extend({ code: z.custom<PlatformError['code']>(value => typeof value === 'string') }))
export default diagnose
if (import.meta.main) await runAsMain(import.meta, diagnose)
