import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Finding } from '../check.ts'
import type { Load } from '../load.ts'
import { defineOutage } from '../outage.ts'
import type { LocalThrowaway } from '../throwaway-local.ts'

const downMs = 30_000
const drainMs = 60_000
const watchedMs = 120_000

/** Events that wait for the log and work that waits for a worker. */
async function backlog({ stores: { history } }: LocalThrowaway): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select (select count(*)::int from outbox) + (select count(*)::int from inbox where state = 'queued') as count`.execute(history.db)
  return rows[0]?.count ?? Number.NaN
}

/** Seconds from `start` until it holds; undefined when it does not within `limitMs`. */
async function secondsUntil(start: number, holds: () => Promise<boolean>, limitMs: number): Promise<number | undefined> {
  while (!(await holds())) {
    if (performance.now() - start > limitMs) return undefined
    await sleep(250)
  }
  return (performance.now() - start) / 1_000
}

async function stopped(platform: LocalThrowaway, { sent }: Load): Promise<Finding> {
  const down = await platform.holdDown(['postgres'])
  await sleep(downMs)
  await down[Symbol.asyncDispose]()
  const start = performance.now()
  const waited = sent.filter(one => one.endedAt === undefined)
  const answered = await secondsUntil(start, async () => waited.every(one => one.endedAt !== undefined), watchedMs)
  const level = await secondsUntil(start, async () => (await backlog(platform).catch(() => Number.NaN)) < 50, watchedMs)
  const told = (what: string, seconds: number | undefined): string =>
    seconds === undefined ? `${what} not within ${watchedMs / 1_000} s` : `${what} ${seconds.toFixed(1)} s later`
  const measured = `${waited.length} waited when it came back, ${told('all of them answered', answered)}, ${told('nothing left over', level)}`
  return { ok: answered !== undefined && answered * 1_000 < drainMs, measured }
}

export const postgresOutages = [
  defineOutage({
    id: 'postgres.stopped',
    claim: `PostgreSQL is away for ${downMs / 1_000} s at 50 submissions/s: what waited is answered within ${drainMs / 1_000} s, while as many keep coming`,
    load: { perSecond: 50, students: 1_000 },
    run: stopped,
  }),
] as const
