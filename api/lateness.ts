import { type RawBuilder, sql } from 'kysely'
import type { History } from '../platform/ports/history.ts'
import type { Caller } from './auth.ts'
import { visibleClass } from './visibility.ts'

/**
 * The classes for which the submission of this row came after the due time that its exercise has there now, of those
 * that concern the caller.
 */
export const lateFor = (caller: Caller, studentId: string): RawBuilder<string[]> =>
  sql<string[]>`array(select handed.class_id from submission_class handed join assignment using (class_id)
    where handed.submission_id = submission.submission_id and assignment.exercise_id = submission.exercise_id
      and submission.received_at > assignment.due and ${visibleClass(caller, studentId, 'handed.class_id')}
    order by handed.class_id)`

/** The classes for which this submission was late, as `lateFor` says it; none for what is no submission. */
export async function latenessOf(
  db: Pick<History['db'], 'selectFrom'>,
  caller: Caller,
  { submissionId, studentId }: { submissionId: string; studentId: string },
): Promise<string[]> {
  const row = await db
    .selectFrom('submission')
    .select(lateFor(caller, studentId).as('late_for'))
    .where('submission_id', '=', submissionId)
    .executeTakeFirst()
  return row?.late_for ?? []
}
