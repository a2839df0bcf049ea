import { sql, type Transaction } from 'kysely'
import type { Tables } from '../platform/history/tables.ts'
import { forbidden } from './auth.ts'

/**
 * Notes which classes a submission is handed in for: the one that the student names, or those of the student's classes
 * that the exercise is assigned to.
 * @throws FORBIDDEN when the student has not joined the named class.
 */
export async function handInForClasses(
  trx: Transaction<Tables>,
  { studentId, submissionId, exerciseId }: { studentId: string; submissionId: string; exerciseId: string },
  classId: string | undefined,
): Promise<void> {
  const meant =
    classId === undefined
      ? sql`exists (select 1 from assignment where assignment.class_id = member.class_id
          and exercise_id = ${exerciseId})`
      : sql`class_id = ${classId}`
  const { numAffectedRows = 0n } = await sql`
    insert into submission_class (submission_id, class_id)
    select ${submissionId}::uuid, class_id from class_member member
    where student_id = ${studentId} and joined_at is not null and ${meant}`.execute(trx)
  if (classId !== undefined && numAffectedRows === 0n) throw forbidden(`you have not joined the class ${classId}`)
}
