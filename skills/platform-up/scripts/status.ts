import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { changedSettings } from '../../../platform/settings-file.ts'
import { targetOf } from '../../../platform/targets/resolve.ts'
import { age } from '../../../platform/targets/running.ts'
import { lookInside } from '../../incident-triage/look.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { counted } from '../../../schemas/counted.ts'

const status = defineScript({
  about: 'Says whether the platform is up and ready for students, and where. Fails when it is not, within seconds.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({
    status: z.literal('ready'),
    target: z.string(),
    url: z.string(),
    pid: z.number().int(),
    version: z.string(),
    started_at: z.string(),
    restarts: z.number().int(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), measured: z.string() })),
    /** Settings of its settings file that were changed after the start. */
    changed_settings: z.array(z.string()).optional(),
    processes: z.array(z.object({ name: z.string(), pid: z.number().int(), restarts: z.number().int() })).optional(),
  }),
  async run(_input, { config, signal }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const where = await targetOf(folder)
    const { found, restarts, processes } = await where.status(folder)
    const { usable } = await where.troubles(folder)
    const [trouble] = usable ? await lookInside(config, true, signal) : []
    if (trouble !== undefined)
      throw new PlatformError('CHECK_FAILED', `it answers, but ${trouble.cause} (${trouble.evidence})`, {
        hint: trouble.fix,
      })
    const { url, pid, target, version, started_at } = found.running
    const changed = found.running.settings === undefined ? [] : changedSettings(found.running.settings)
    const which = processes.length > 0 ? counted(processes.length, 'process') : `pid ${pid}`
    const all = processes.map(one => ({ name: one.name, pid: one.pid ?? 0, restarts: one.restarts }))
    return {
      summary: `ready, ${target} ${version} at ${url}, ${which}, up ${age(started_at)}${restarts === 0 ? '' : `, ${counted(restarts, 'restart')}`}${toldOf(changed)}`,
      data: {
        status: 'ready' as const,
        target,
        url,
        pid,
        version,
        started_at,
        restarts,
        checks: found.health?.checks ?? [],
        ...(changed.length > 0 ? { changed_settings: changed } : {}),
        ...(all.length > 0 ? { processes: all } : {}),
      },
    }
  },
})
const toldOf = (changed: readonly string[]): string =>
  changed.length === 0 ? '' : `; ${changed.join(', ')} changed since: learnflow down, learnflow up`

export default status
if (import.meta.main) await runAsMain(import.meta, status)
