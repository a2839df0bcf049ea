import { PlatformError } from '../../platform/errors.ts'
import type { CheckResult } from '../check.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { keeperOf, watchedBy } from '../test-processes.ts'
import { until } from '../wait.ts'

const wholeMs = 30_000
const patienceMs = 120_000

/** One process of each kind that a watcher looks after. */
const kindsOf = ({ namesOf, topology }: LocalTestPlatform): string[] => {
  const [api = '', worker = ''] = [...namesOf('api').slice(0, 1), ...namesOf('exercise').slice(0, 1)]
  return [api, worker, ...(topology.engine === 'dapr' ? [`daprd-${worker}`] : []), 'redis-1', 'kafka-1', 'postgres']
}

/**
 * Kills the watcher of one process of each kind, each once everything runs again, and at last the keeper that starts
 * watchers. Nobody runs a command.
 */
async function watchersKilled(platform: LocalTestPlatform): Promise<CheckResult> {
  const { folder, probe } = platform
  const times: string[] = []
  let slowest = 0
  const note = (name: string, ms: number): void => {
    times.push(`${name} ${(ms / 1_000).toFixed(1)} s`)
    slowest = Math.max(slowest, ms)
  }
  for (const name of kindsOf(platform)) {
    const before = await watchedBy(folder, name)
    process.kill(before.watcher, 'SIGKILL')
    const again = async (): Promise<boolean> => {
      const { watcher, pid } = await watchedBy(folder, name)
      return watcher !== before.watcher && pid !== undefined && pid !== before.pid
    }
    const took = await until(`${name} is watched and runs again`, again, { limitMs: patienceMs })
    note(name, took + (await until('it can be used', async () => isUsable(probe), { limitMs: patienceMs })))
  }
  const keeper = await keeperOf(folder)
  process.kill(keeper, 'SIGKILL')
  const kept = async (): Promise<boolean> => (await keeperOf(folder)) !== keeper
  note('the keeper', await until('there is another keeper', kept, { limitMs: patienceMs }))
  return { ok: true, late: slowest >= wholeMs, measured: `whole again after: ${times.join(', ')}` }
}

/** Whether a program that is handed in now gets its grade; an engine that is still starting again is not usable yet. */
async function isUsable(probe: LocalTestPlatform['probe']): Promise<boolean> {
  const client = probe.client({ student: probe.newStudent() })
  try {
    const { request_id: id } = await client.submit('square', 'def square(n): return n * n', 'usable')
    return (await client.ended(id, patienceMs)).status === 'done'
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'DEPENDENCY_DOWN') return false
    throw error
  }
}

export const supervisionOutages = [
  defineOutage({
    id: 'supervision.killed',
    claim: `the watcher of any process, or what starts watchers, is killed: all is whole within ${wholeMs / 1_000} s`,
    quick: true,
    run: watchersKilled,
  }),
] as const
