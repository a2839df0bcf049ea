import { type Kysely, sql } from 'kysely'
import type { Module } from '../../schemas/words.ts'
import type { Tables } from '../../platform/history/tables.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { type GradedSubmission, type Mastery, masteryFrom } from '../../tutor/mastery/mastery.ts'

/**
 * A student's mastery of one module at a given time, computed from the history alone; undefined without any grade or answered quiz. When
 * a submission was regraded under a newer version of its exercise, the newest grade counts.
 */
export async function masteryOf(
  db: Kysely<Tables>,
  bank: ExerciseBank,
  studentId: string,
  module: Module,
  asOf: Date,
): Promise<Mastery | undefined> {
  const { rows } = await sql<GradedSubmission>`
    select distinct on (grade.submission_id) grade.exercise_id, verdict = 'passed' as passed, quality,
      to_char(submission.received_at at time zone 'UTC', 'YYYY-MM-DD') as day
    from grade join submission using (submission_id)
    where grade.student_id = ${studentId} and grade.module = ${module} and graded_at <= ${asOf}
    order by grade.submission_id, grade.exercise_version desc`.execute(db)
  const quizzes = await db
    .selectFrom('quiz')
    .select('score')
    .where('student_id', '=', studentId)
    .where('module', '=', module)
    .where('answered_at', '<=', asOf)
    .execute()
  if (rows.length === 0 && quizzes.length === 0) return undefined
  return masteryFrom({ submissions: rows, quizzes: quizzes.flatMap(({ score }) => score ?? []) }, bank, module, asOf)
}
