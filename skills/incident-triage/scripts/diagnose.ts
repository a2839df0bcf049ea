import * as z from 'zod'
import type { Config } from '../../../platform/config.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { findPlatform, targetOf } from '../../../platform/targets/resolve.ts'
import type { Found } from '../../../platform/targets/running.ts'
import { runScript } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Finding } from '../finding.ts'
import { troublesOutside } from '../outside.ts'

const told = 3

const diagnose = defineScript({
  about:
    'Looks at everything that can be wrong, inside and around the platform, and names cause, evidence and fix of each trouble.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ findings: z.array(Finding) }),
  async run(_input, { config, progress, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const [found, target] = [await findPlatform(folder), await targetOf(folder)]
    progress('looking at the machine, then at the platform')
    const processes = await target.troubles(folder)
    const outside = await troublesOutside(config, found, target, processes.up)
    // A process that does not answer outside would not answer inside either, and would only cost time.
    const answers = found?.health !== undefined && processes.usable
    // When nobody started the platform, every process is down.
    const dead = processes.up === 0 ? [] : processes.findings
    const findings = [...dead, ...outside, ...(answers ? await inside(found, config, signal) : [])]
    const [first] = findings
    if (first === undefined)
      return {
        summary: `nothing wrong: ready at ${found?.running.url ?? ''}, agents, log, state and history agree`,
        data: { findings: [] },
      }
    const lines = findings
      .slice(0, told)
      .map(({ cause, evidence }) => `${cause} (${evidence.replaceAll(/\s+/g, ' ').slice(0, 110)})`)
    const more = findings.length > told ? [`and ${findings.length - told} more`] : []
    throw new PlatformError(first.code, [...lines, ...more].join('\n'), { hint: first.fix })
  },
})

/** The troubles that the platform itself knows of; failing to get them is another trouble. */
async function inside(found: Found, config: Config, signal: AbortSignal): Promise<z.infer<typeof Told>> {
  try {
    return Told.parse(
      ((await runScript('incident-triage/troubles', {}, { config, signal })).data as { findings: unknown }).findings,
    )
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return [
      {
        code: error.code,
        cause: `the platform at ${found.running.url} cannot tell its troubles`,
        evidence: error.message,
        fix: error.hint,
      },
    ]
  }
}

const Told = z.array(Finding.extend({ code: z.custom<PlatformError['code']>(value => typeof value === 'string') }))
export default diagnose
if (import.meta.main) await runAsMain(import.meta, diagnose)
