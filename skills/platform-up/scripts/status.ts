import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { openSupervisor } from '../../../platform/open.ts'
import type { ProcessState } from '../../../platform/ports/supervisor.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { localProcesses } from '../local.ts'
import { age, findPlatform, supervised } from '../../../platform/targets/running.ts'

const status = defineScript({
  about: 'Says whether the platform is up and ready, and where. Fails when it is not.',
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
    processes: z.array(z.object({ name: z.string(), pid: z.number().int(), restarts: z.number().int() })).optional(),
  }),
  async run(_input, { config }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const processes = await localProcesses(folder)
    demandAll(processes)
    const [found, watched] = [await findPlatform(folder), await openSupervisor(folder).status(supervised)]
    if (found === undefined) throw absent(folder, watched)
    const { running, health } = found
    if (health === undefined)
      throw new PlatformError(
        'DEPENDENCY_DOWN',
        `process ${running.pid} owns ${folder} but ${running.url} does not answer`,
        {
          hint: 'learnflow logs; if it does not recover: learnflow down, then learnflow up.',
        },
      )
    const { status: word, checks } = health
    if (word !== 'ready') {
      const bad = checks.filter(check => !check.ok).map(check => `${check.name} ${check.measured}`)
      throw new PlatformError('CHECK_FAILED', [`the platform at ${running.url} is ${word}`, ...bad].join('; '), {
        hint: 'learnflow logs',
      })
    }
    const { url, pid, target, version, started_at } = running
    const restarts =
      processes.length > 0
        ? processes.reduce((sum, one) => sum + one.restarts, 0)
        : watched.pid === pid
          ? watched.restarts
          : 0
    const which = processes.length > 0 ? `${processes.length} processes` : `pid ${pid}`
    const all = processes.map(one => ({ name: one.name, pid: one.pid ?? 0, restarts: one.restarts }))
    return {
      summary: `ready, ${target} ${version} at ${url}, ${which}, up ${age(started_at)}${restarts === 0 ? '' : `, ${restarts} restarts`}`,
      data: {
        status: 'ready' as const,
        target,
        url,
        pid,
        version,
        started_at,
        restarts,
        checks,
        ...(all.length > 0 ? { processes: all } : {}),
      },
    }
  },
})

/** @throws CHECK_FAILED naming every process that does not run, unless none does. */
function demandAll(processes: readonly ProcessState[]): void {
  const bad = processes.filter(({ status }) => status !== 'running')
  if (bad.length === 0 || processes.every(({ status }) => status === 'stopped')) return
  throw new PlatformError(
    'CHECK_FAILED',
    bad.map(({ name, status, restarts }) => `${name} is ${status.replace('_', ' ')}, ${restarts} restarts`).join('; '),
    {
      hint: `learnflow logs --process ${bad[0]?.name ?? ''}; learnflow up --target local starts what does not run.`,
    },
  )
}

function absent(
  folder: string,
  { status: word, log, restarts }: { status: string; log: string; restarts: number },
): PlatformError {
  if (word === 'crash_loop')
    return new PlatformError(
      'CHECK_FAILED',
      `the platform on ${folder} crashed ${restarts + 1} times and was given up`,
      { hint: `See ${log}.` },
    )
  if (word === 'running' || word === 'restarting')
    return new PlatformError(
      'CHECK_FAILED',
      `the platform on ${folder} is starting${word === 'restarting' ? ' again after a crash' : ''}`,
      {
        hint: 'learnflow logs',
      },
    )
  return new PlatformError('NOT_RUNNING', `no platform runs on ${folder}`, { hint: 'learnflow up' })
}
export default status
if (import.meta.main) await runAsMain(import.meta, status)
