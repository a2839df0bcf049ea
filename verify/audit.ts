import { type Kysely, sql } from 'kysely'
import type { Tables } from '../platform/history/tables.ts'

/**
 * What the history holds of the submissions that clients saw accepted. Everything except `accepted` and `dead` must be
 * 0.
 */
export interface Audit {
  accepted: number
  /** Neither a grade nor a dead letter. */
  lost: number
  /** Ended as dead letters. */
  dead: number
  /** Closed more than once, or graded more than once under one version. */
  twice: number
  /** Grades that are older than the grade of an earlier attempt by the same student at the same exercise. */
  out_of_order: number
  /** Submissions beyond the number of keys that were sent. */
  surplus: number
}

/** What the clients know: the ids of accepted submissions, the students, and how many keys they sent. */
export interface ClientRecord {
  accepted: readonly string[]
  students: readonly string[]
  keys: number
}

/** Asks the database instead of the API, so that the audit does not depend on the code under test. */
export async function auditEffects(db: Kysely<Tables>, { accepted, students, keys }: ClientRecord): Promise<Audit> {
  const { rows } = await sql<Omit<Audit, 'accepted'>>`
    with ours as (select unnest(${[...accepted]}::uuid[]) as id),
      graded as (select grade.* from grade where student_id = any(${[...students]}::text[]))
    select
      (select count(*)::int from ours join request on request_id = id where status = 'failed') as dead,
      (select count(*)::int from ours left join request on request_id = id left join grade on submission_id = id
        where grade.submission_id is null and status is distinct from 'failed') as lost,
      (select count(*)::int from (select request_id from request_event join ours on id = request_id
        where type in ('done', 'failed')
        group by request_id having count(*) > 1) closed) as twice,
      (select count(*)::int from (select graded_at,
        lag(graded_at) over (partition by student_id, exercise_id order by attempt) as before from graded) pairs
        where graded_at < before) as out_of_order,
      greatest(0, (select count(*)::int from submission
        where student_id = any(${[...students]}::text[])) - ${keys}::int) as surplus`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the database gave no counts')
  return { accepted: accepted.length, ...row }
}

/** Whether nothing was lost, duplicated or reordered. */
export const isConsistent = ({ lost, twice, out_of_order, surplus }: Audit): boolean =>
  lost + twice + out_of_order === 0 && surplus === 0

/** The audit as one line of text. */
export const auditLine = ({ accepted, lost, dead, twice, out_of_order, surplus }: Audit): string =>
  [
    `${accepted} accepted`,
    `${lost} lost`,
    `${twice + surplus} twice`,
    `${out_of_order} out of order`,
    ...(dead === 0 ? [] : [`${dead} dead letters`]),
  ].join(', ')
