import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Finding } from '../check.ts'
import type { Load } from '../load.ts'
import { defineOutage } from '../outage.ts'
import type { LocalThrowaway } from '../throwaway-local.ts'

const downMs = 30_000
const drainMs = 60_000

/** Events that wait for the log and work that waits for a worker. */
async function backlog({ stores: { history } }: LocalThrowaway): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select (select count(*)::int from outbox) + (select count(*)::int from inbox where state = 'queued') as count`.execute(history.db)
  return rows[0]?.count ?? Number.NaN
}

async function stopped(platform: LocalThrowaway, { sent }: Load): Promise<Finding> {
  const down = await platform.holdDown(['postgres'])
  await sleep(downMs)
  const waiting = sent.filter(one => one.endedAt === undefined).length
  await down[Symbol.asyncDispose]()
  const start = performance.now()
  /** All that clients sent before it was back has its answer, and what piled up behind it is worked off. */
  const drained = async (): Promise<boolean> =>
    sent.every(one => one.sentAt > start || one.endedAt !== undefined) && (await backlog(platform).catch(() => Number.NaN)) < 50
  while (!(await drained()) && performance.now() - start < 2 * drainMs) await sleep(250)
  const took = performance.now() - start
  return { ok: took < drainMs, measured: `${waiting} waited when it came back, all answered ${(took / 1_000).toFixed(1)} s later` }
}

export const postgresOutages = [
  defineOutage({
    id: 'postgres.stopped',
    claim: `PostgreSQL is away for ${downMs / 1_000} s at 50 submissions/s: the backlog is gone within ${drainMs / 1_000} s`,
    load: { perSecond: 50, students: 200 },
    run: stopped,
  }),
] as const
