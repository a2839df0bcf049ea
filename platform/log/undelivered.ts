import { sql } from 'kysely'
import { idempotencyHash } from '../../schemas/cloud-event.ts'
import { LearningEvent } from '../../schemas/learning-event.ts'
import { partitionOf } from '../../schemas/partitioner.ts'
import { learningEvents } from '../../schemas/topics.ts'
import type { EventLog } from '../ports/event-log.ts'
import type { History } from '../ports/history.ts'

/** The age in seconds from which a request must be in the inbox of its agent, or in the log ahead of it. */
const oldSeconds = 60
const page = 500
/** What is found beyond these is found the next time. */
const enough = 5_000

interface Waiting {
  request_id: string
  student_id: string
  agent: string
  traceparent: string
  created_at: Date
}

/** What is needed to make the event of a submission again. */
interface Submission {
  exercise_id: string
  exercise_version: number
  attempt: number
  code: string
}

/** An accepted request whose event has reached nobody and stands nowhere any more: a question has kept its event. */
export type Undelivered = Waiting & ({ event: LearningEvent } | { event: null; submission: Submission })

/**
 * Requests that wait for more than a minute although their event is in no outbox and no inbox, and their agent has read
 * its partition of the log to the end: the log has lost it, for example with its topic or by its retention. The oldest
 * first; when there are more than 5,000, about so many, and the others the next time.
 * @throws DEPENDENCY_DOWN when the log or the history does not answer.
 */
export async function findUndelivered({ db }: Pick<History, 'db'>, log: Pick<EventLog, 'lag'>): Promise<Undelivered[]> {
  const found: Undelivered[] = []
  const readToEnd = partitionsRead(log)
  let after = { created_at: new Date(0), request_id: '00000000-0000-0000-0000-000000000000' }
  while (found.length < enough) {
    const rows = await waitingAfter(db, after)
    for (const [agent, own] of Map.groupBy(rows, row => row.agent)) {
      const candidates = await withoutInbox(db, agent, own)
      if (candidates.length === 0) continue
      const partitions = await readToEnd(agent)
      found.push(...candidates.filter(row => partitions.has(partitionOf(row.student_id, learningEvents.partitions))))
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) break
    after = last
  }
  return found
}

/** The partitions that an agent has read to the end, asked for once per agent. */
function partitionsRead(log: Pick<EventLog, 'lag'>): (agent: string) => Promise<Set<number>> {
  const known = new Map<string, Promise<Set<number>>>()
  const read = async (agent: string): Promise<Set<number>> =>
    new Set((await log.lag(learningEvents.name, agent)).filter(({ lag }) => lag <= 0).map(one => one.partition))
  return async agent => {
    const asked = known.get(agent) ?? read(agent)
    known.set(agent, asked)
    return asked
  }
}

async function waitingAfter(
  db: History['db'],
  { created_at, request_id }: { created_at: Date; request_id: string },
): Promise<Undelivered[]> {
  // A question from before questions kept their events cannot be looked for, nor published again.
  const { rows } = await sql<Waiting & Submission & { event: unknown }>`
    select r.request_id, r.student_id, r.agent, r.traceparent, r.created_at, r.event,
      s.exercise_id, s.exercise_version, s.attempt, s.code
    from request r left join submission s on s.submission_id = r.request_id
    where r.status = 'queued' and r.created_at < now() - make_interval(secs => ${oldSeconds})
      and (r.created_at, r.request_id) > (${created_at}, ${request_id}::uuid)
      and (r.event is not null or s.submission_id is not null)
      and not exists (select 1 from outbox where outbox.key = r.student_id)
    order by r.created_at, r.request_id limit ${page}`.execute(db)
  return rows.map(({ exercise_id, exercise_version, attempt, code, event, ...row }) =>
    event === null
      ? { ...row, event, submission: { exercise_id, exercise_version, attempt, code } }
      : { ...row, event: LearningEvent.parse(event) },
  )
}

/** Those whose event is not in the inbox of the agent. */
async function withoutInbox(db: History['db'], agent: string, rows: readonly Undelivered[]): Promise<Undelivered[]> {
  const keys = new Map(rows.map(row => [row, keyOf(row)]))
  const known = await db
    .selectFrom('inbox')
    .select('idempotencykey')
    .where('consumer', '=', agent)
    .where('idempotencykey', '=', sql<string>`any(${[...keys.values()]}::text[])`)
    .execute()
  const present = new Set(known.map(row => row.idempotencykey))
  return rows.filter(row => !present.has(keys.get(row) ?? ''))
}

const keyOf = (row: Undelivered): string =>
  row.event === null
    ? idempotencyHash('submission.received', row.request_id, row.submission.exercise_version)
    : row.event.idempotencykey
