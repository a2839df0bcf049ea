import { sql } from 'kysely'
import type { History } from '../../platform/ports/history.ts'
import type { Finding } from './finding.ts'

/** What a student is promised, in seconds. */
const promisedSeconds = 30
/** Locks that are held for shorter than this are ordinary. */
const lockSeconds = 3

/** A session for which another one waits. */
interface Holder {
  pid: number
  name: string
  state: string
  seconds: number
  relation: string | null
}

/** Sessions of the database for whose locks others wait. */
export async function lockTroubles({ db }: History): Promise<Finding[]> {
  const { rows } = await sql<Holder>`
    select holder.pid, coalesce(nullif(holder.application_name, ''), 'no name') as name, holder.state,
      coalesce(round(extract(epoch from clock_timestamp() - holder.xact_start)), 0)::int as seconds,
      (select relname from pg_locks join pg_class on pg_class.oid = relation
        where pg_locks.pid = waiter.pid and not granted limit 1) as relation
    from pg_stat_activity waiter
    cross join lateral unnest(pg_blocking_pids(waiter.pid)) as blocking (pid)
    join pg_stat_activity holder on holder.pid = blocking.pid
    where waiter.wait_event_type = 'Lock' and cardinality(pg_blocking_pids(holder.pid)) = 0
      and waiter.query_start < clock_timestamp() - make_interval(secs => ${lockSeconds})
    order by seconds desc, holder.pid`.execute(db)
  const [first] = rows
  if (first === undefined) return []
  const { pid, name, state, seconds, relation } = first
  const waiting = rows.filter(row => row.pid === pid).length
  return [
    {
      code: 'CHECK_FAILED',
      cause: `a session of the database locks ${relation ?? 'rows'}`,
      evidence: `${name}, ${state} for ${seconds} s, is process ${pid} of the database and keeps ${waiting} waiting`,
      fix: `kill ${pid}`,
    },
  ]
}

/** Requests that wait for longer than is promised, whatever the cause. */
export async function lateTroubles({ db }: History): Promise<Finding[]> {
  const { rows } = await sql<{ agent: string; waiting: number; seconds: number }>`
    select agent, count(*)::int as waiting, round(extract(epoch from now() - min(created_at)))::int as seconds
    from request where status in ('queued', 'working')
      and created_at < now() - make_interval(secs => ${promisedSeconds})
    group by agent order by seconds desc`.execute(db)
  return rows.map(({ agent, waiting, seconds }) => ({
    code: 'CHECK_FAILED' as const,
    cause: `requests wait longer than the promised ${promisedSeconds} s`,
    evidence: `${waiting} for ${agent}, the oldest for ${seconds} s`,
    fix: `learnflow tutoring-agents status; learnflow tutoring-agents restart ${agent}`,
  }))
}
