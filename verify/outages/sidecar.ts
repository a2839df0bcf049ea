import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { learningEvents } from '../../schemas/topics.ts'
import type { CheckResult } from '../check.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { until } from '../wait.ts'

const group = 'exercise'
const deliveredMs = 120_000
/** A commit that was sent has arrived after this time. */
const underwayMs = 200

/**
 * Records that the agent has stored and acknowledged, but that the log still lists as not consumed: they are delivered
 * again.
 */
async function unacknowledged({ stores: { log, history } }: LocalTestPlatform): Promise<number> {
  const places = await log.lag(learningEvents.name, group)
  const { rows } = await sql<{ count: number }>`select count(*)::int as count
    from inbox join unnest(${places.map(position => position.partition)}::int[],
      ${places.map(position => position.committed)}::bigint[]) as place (at, committed) on at = log_partition
    where consumer = ${group} and topic = ${learningEvents.name} and log_offset::bigint >= committed`.execute(
    history.db,
  )
  return rows[0]?.count ?? 0
}

async function killedBeforeCommit(platform: LocalTestPlatform): Promise<CheckResult> {
  const [name = ''] = platform.namesOf(group)
  const sidecar = `daprd-${name}`
  // A stopped sidecar commits nothing, so what is counted now is delivered again.
  let again = 0
  const caught = async (): Promise<boolean> => {
    if ((await unacknowledged(platform)) === 0) return false
    await platform.signal(sidecar, 'SIGSTOP')
    await sleep(underwayMs)
    again = await unacknowledged(platform)
    await platform.signal(sidecar, again > 0 ? 'SIGKILL' : 'SIGCONT')
    return again > 0
  }
  await until('the sidecar lags behind its agent', caught, { limitMs: deliveredMs, everyMs: 20 })
  const took = await until('all is acknowledged', async () => (await unacknowledged(platform)) === 0, {
    limitMs: deliveredMs,
  })
  return {
    ok: again > 0,
    measured:
      `${again} deliveries were answered and not committed; they had come again ${(took / 1_000).toFixed(1)} s ` +
      'later',
  }
}

export const sidecarOutages = [
  defineOutage({
    id: 'sidecar.killed',
    claim:
      'a sidecar is killed after its agent answered and before the offset was committed: what comes again ' +
      'changes nothing',
    quick: true,
    engine: 'dapr',
    load: { perSecond: 10, students: 50 },
    run: killedBeforeCommit,
  }),
] as const
