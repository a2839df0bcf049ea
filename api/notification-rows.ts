import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely'
import * as z from 'zod'
import type { Notification, NotificationPage } from '../schemas/api-notifications.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { Caller } from './auth.ts'
import { cursorOf, readCursor } from './paging.ts'
import { isForClass } from './class-quizzes.ts'
import { real } from './synthetic.ts'

type Db = Kysely<Tables>
type Row = Omit<Notification, 'at' | 'text'> & { at: string; detail: string | null }

const forStudents = (sub: string): RawBuilder<unknown> => sql`
  select assignment_id as notification_id, 'assignment' as kind, assigned_at as at, assignment.class_id, exercise_id,
    null::text as student_id, null::uuid as submission_id,
    to_char(due at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI"Z"') as detail
  from assignment join class_member member on member.class_id = assignment.class_id
  where member.student_id = ${sub} and joined_at is not null
  union all
  select comment_id, 'comment', created_at, null, exercise_id, null, submission_id, author
  from comment join submission using (submission_id) where student_id = ${sub}`

/** Teachers learn of what was handed in for a class of theirs, and of what its students said. */
const forTeachers = (classes: readonly string[]): RawBuilder<unknown> => sql`
  select distinct on (struggle_id) struggle_id as notification_id, 'struggle' as kind, detected_at as at,
    member.class_id, exercise_id, struggle.student_id, null::uuid as submission_id, rule as detail
  from struggle join class_member member on member.student_id = struggle.student_id
  where member.class_id = any(${sql.val([...classes])}::text[]) and joined_at is not null
    and ${real('struggle.student_id')} and (rule = 'says_stuck' or exists (select 1 from submission_class handed
      where handed.class_id = member.class_id and struggle.evidence ? handed.submission_id::text)
      or exists (select 1 from jsonb_array_elements_text(struggle.evidence) id join quiz on quiz_id = id::uuid
        where rule = 'quiz_below_half' and ${isForClass}))
  order by struggle_id, member.class_id`

/** SQL: the notifications of the caller, each with whether it was seen. Operators have none. */
function notificationsOf({ sub, role, classes }: Caller): RawBuilder<unknown> {
  const mine = role === 'student' ? forStudents(sub) : forTeachers(role === 'teacher' ? classes : [])
  return sql`select mine.*, coalesce(seen_at >= at, false) as seen from (${mine}) mine
    left join notification_seen on notification_seen.notification_id = mine.notification_id
      and notification_seen.student_id = ${sub}`
}

const reasons: Readonly<Record<string, string>> = {
  same_error: 'meets the same error again',
  too_long: 'has worked for long',
  failed_in_a_row: 'failed five times or more in a row',
  quiz_below_half: 'had less than half of a quiz right',
  says_stuck: 'says that they are stuck',
}

function textOf({ kind, class_id, exercise_id, student_id, detail }: Row): string {
  if (kind === 'assignment')
    return `${exercise_id} is assigned to ${class_id}${detail === null ? '' : `, due ${detail}`}`
  if (kind === 'comment') return `${detail} commented on your ${exercise_id}`
  return `${student_id} ${reasons[detail ?? ''] ?? detail}${exercise_id === null ? '' : ` at ${exercise_id}`}`
}

/** One page, newest first, of at most `limit`; only those that are not seen where that is asked for. */
export async function notificationPage(
  db: Db,
  caller: Caller,
  { limit, cursor, unseen }: { limit: number; cursor?: string | undefined; unseen: boolean },
): Promise<NotificationPage> {
  const where = sql.join([before(cursor), ...(unseen ? [sql<SqlBool>`not seen`] : [])], sql` and `)
  const { rows } = await sql<Row>`select notification_id, kind, to_char(at at time zone 'utc',
      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, seen, class_id, exercise_id, student_id, submission_id, detail
    from (${notificationsOf(caller)}) listed where ${where}
    order by listed.at desc, notification_id desc limit ${limit + 1}`.execute(db)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    notifications: rows.slice(0, limit).map(shown),
    unseen: await unseenOf(db, caller),
    next: last === undefined ? null : cursorOf(`${last.at} ${last.notification_id}`),
  }
}

function shown(row: Row): Notification {
  const { detail: _, ...others } = row
  return { ...others, at: row.at, text: textOf(row) }
}

const Cursor = z
  .string()
  .transform(text => text.split(' '))
  .pipe(z.tuple([z.iso.datetime(), z.uuid()]))

/** @throws INVALID_INPUT for a text that was not `next` of a page */
function before(cursor: string | undefined): RawBuilder<SqlBool> {
  if (cursor === undefined) return sql`true`
  const [at, id] = readCursor(cursor, Cursor)
  return sql`(listed.at, notification_id) < (${at}::timestamptz, ${id}::uuid)`
}

/** How many of the caller's notifications are not seen. */
export async function unseenOf(db: Db, caller: Caller): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from (${notificationsOf(caller)}) listed
    where not seen`.execute(db)
  return rows[0]?.count ?? 0
}

/** Marks the caller's own among these as seen, or as unseen again; returns how many that changed. */
export async function markSeen(db: Db, caller: Caller, ids: readonly string[], seen: boolean): Promise<number> {
  const wanted = sql.val([...ids])
  const { rows } = seen
    ? await sql`insert into notification_seen (student_id, notification_id)
        select ${caller.sub}, notification_id from (${notificationsOf(caller)}) listed
        where not seen and notification_id = any(${wanted}::uuid[])
        on conflict (student_id, notification_id) do update set seen_at = now() returning notification_id`.execute(db)
    : await sql`delete from notification_seen where student_id = ${caller.sub}
        and notification_id = any(${wanted}::uuid[]) returning notification_id`.execute(db)
  return rows.length
}
