import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import {
  disk,
  door,
  type MachineFinding,
  engine,
  keySet,
  lockState,
  node,
  obstacle,
  sandbox,
  versions,
} from '../machine.ts'
import { defaultTarget, targetNames, targets } from '../../../platform/targets/all.ts'
import { findPlatform } from '../../../platform/targets/resolve.ts'

const doctor = defineScript({
  about: 'Looks for what on this machine keeps the platform from running, and says how to mend it.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({ target: z.enum(targetNames).default(defaultTarget).describe('what it is to run') }),
  output: z.object({ findings: z.array(z.object({ name: z.string(), ok: z.boolean(), measured: z.string() })) }),
  async run({ target }, { config, progress }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const found = await findPlatform(folder)
    progress('looking at node, the disk, the port and the sandbox')
    const findings = await Promise.all([
      node(),
      disk(config),
      lockState(folder, found),
      door(config, found),
      versions(found),
      sandbox(config),
    ])
    const wanted = await targets[target].load()
    const parts = (await wanted.engines()).map(engine)
    const keys = await keySet(config)
    if (keys !== undefined) findings.push(keys)
    findings.push(...parts)
    // What is wrong with the folder for every target stands under `disk`.
    if (findings.find(({ name }) => name === 'disk')?.ok === true)
      findings.push(...(await wanted.obstacles(folder)).map(obstacle))
    const bad = findings.filter(finding => !finding.ok)
    const [worst] = bad
    if (worst !== undefined)
      throw new PlatformError(worst.code, told(bad), {
        hint: worst.hint,
      })
    return {
      // One line does not have room for both.
      summary: `nothing wrong: ${(parts.length > 0 ? parts : findings)
        .map(({ brief }) => brief)
        .filter(brief => brief !== '')
        .join(parts.length > 0 ? ' ' : ', ')}`,
      data: { findings: findings.map(({ name, ok, measured }) => ({ name, ok, measured })) },
    }
  },
})

/** What is wrong; of several things each with what mends it, as the hint is of the first alone. */
function told(bad: readonly MachineFinding[]): string {
  const mended = ({ measured, hint }: MachineFinding): string =>
    bad.length === 1 || measured.includes(hint) ? measured : `${measured} (${hint})`
  return bad.map(finding => `${finding.name}: ${mended(finding)}`).join('; ')
}
export default doctor
if (import.meta.main) await runAsMain(import.meta, doctor)
