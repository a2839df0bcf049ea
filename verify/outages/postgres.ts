import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { CheckResult } from '../check.ts'
import type { Load } from '../load.ts'
import { defineOutage } from '../outage.ts'
import type { LocalTestPlatform } from '../test-platform-local.ts'
import { msUntil } from '../wait.ts'

const downMs = 30_000
const drainMs = 60_000
const watchedMs = 120_000

/** How many events wait to be published plus how many items wait for a worker. */
async function backlog({ stores: { history } }: LocalTestPlatform): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select (select count(*)::int from outbox)
    + (select count(*)::int from inbox where state = 'queued') as count`.execute(history.db)
  return rows[0]?.count ?? Number.NaN
}

async function stopped(platform: LocalTestPlatform, { sent }: Load): Promise<CheckResult> {
  const down = await platform.holdDown(['postgres'])
  await sleep(downMs)
  await down[Symbol.asyncDispose]()
  const waited = sent.filter(one => one.endedAt === undefined)
  const patience = { limitMs: watchedMs }
  const [answered, level] = await Promise.all([
    msUntil(() => waited.every(one => one.endedAt !== undefined), patience),
    msUntil(async () => (await backlog(platform).catch(() => Number.NaN)) < 50, patience),
  ])
  const timeOf = (what: string, ms: number | undefined): string =>
    ms === undefined ? `${what} not within ${watchedMs / 1_000} s` : `${what} ${(ms / 1_000).toFixed(1)} s later`
  const times = [timeOf('all of them answered', answered), timeOf('nothing left over', level)]
  const measured = `${waited.length} waited when it came back, ${times.join(', ')}`
  return { ok: true, late: answered === undefined || answered >= drainMs, measured }
}

export const postgresOutages = [
  defineOutage({
    id: 'postgres.stopped',
    claim:
      `PostgreSQL is away for ${downMs / 1_000} s at 50 submissions/s: what waited is answered within ` +
      `${drainMs / 1_000} s, while as many keep coming`,
    load: { perSecond: 50, students: 1_000 },
    run: stopped,
  }),
] as const
