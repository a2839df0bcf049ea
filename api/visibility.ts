import { type RawBuilder, sql } from 'kysely'
import type { History } from '../platform/ports/history.ts'
import { type Caller, forbidden } from './auth.ts'

type Db = Pick<History['db'], 'selectFrom'>

/** Whether everything of this student is open to the caller: to the student and to operators. */
export const seesAll = (caller: Caller, studentId: string): boolean =>
  caller.sub === studentId || caller.role === 'operator'

/**
 * The SQL condition on the column `submission_id` of `table` for what the caller may see of a student: teachers see
 * what was handed in for a class of theirs by those who have joined it and are still in it.
 */
export function visibleSubmissions(caller: Caller, studentId: string, table: string): RawBuilder<boolean> {
  if (seesAll(caller, studentId)) return sql<boolean>`true`
  if (caller.role !== 'teacher') return sql<boolean>`false`
  return sql<boolean>`exists (
    select 1 from submission_class join class_member using (class_id)
    where submission_class.submission_id = ${sql.ref(`${table}.submission_id`)} and student_id = ${studentId}
      and joined_at is not null and class_id = any(${caller.classes}::text[]))`
}

/** The SQL condition on a column with a class for what concerns the caller: teachers only learn of their own classes. */
export function visibleClass(caller: Caller, studentId: string, column: string): RawBuilder<boolean> {
  if (seesAll(caller, studentId)) return sql<boolean>`true`
  return sql<boolean>`${sql.ref(column)} = any(${caller.classes}::text[])`
}

/** Whether the caller may see this submission, or request for it. */
export async function maySee(db: Db, caller: Caller, studentId: string, submissionId: string): Promise<boolean> {
  if (seesAll(caller, studentId)) return true
  const row = await db
    .selectFrom('submission')
    .select('submission_id')
    .where('submission_id', '=', submissionId)
    .where(visibleSubmissions(caller, studentId, 'submission'))
    .executeTakeFirst()
  return row !== undefined
}

/** @throws FORBIDDEN unless the caller is the student, an operator, or teaches a class that the student has joined. */
export async function mustKnow(db: Db, caller: Caller, studentId: string): Promise<void> {
  if (seesAll(caller, studentId)) return
  const member =
    caller.role === 'teacher' && caller.classes.length > 0
      ? await db
          .selectFrom('class_member')
          .select('class_id')
          .where('student_id', '=', studentId)
          .where('class_id', 'in', caller.classes)
          .where('joined_at', 'is not', null)
          .executeTakeFirst()
      : undefined
  if (member === undefined) throw forbidden('this student is not yours to see')
}
