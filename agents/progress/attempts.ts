import { type RawBuilder, sql } from 'kysely'
import type { Attempt } from '../../tutor/struggle/rules.ts'

/** So many attempts of a student are looked at, the newest; all rules are about the last few. */
export const maxAttempts = 50

/** SQL: what a grade says went wrong: the error's type, else the code of the first essential note, else how it ended. */
export const errorOfGrade: RawBuilder<string | null> = sql`coalesce(grade.error->>'type',
  jsonb_path_query_first(grade.tests, '$[*].error.type') #>> '{}',
  jsonb_path_query_first(grade.notes, '$[*] ? (@.severity == "essential").code') #>> '{}',
  case when grade.verdict in ('timed_out', 'out_of_memory', 'output_limit') then grade.verdict end)`

/** SQL: the calls of a grade's tests that passed, and of those that failed. */
export const testsOfGrade: RawBuilder<unknown> = sql`
  jsonb_path_query_array(grade.tests, '$[*] ? (@.passed == true).call') as passing,
  jsonb_path_query_array(grade.tests, '$[*] ? (@.passed == false).call') as failing`

/** One student's newest graded submissions, each with its newest grade. */
export function newestAttempts(studentId: string): RawBuilder<Attempt> {
  return sql`with recent as (
      select submission_id, received_at from submission where student_id = ${studentId}
      order by received_at desc limit ${maxAttempts}
    )
    select distinct on (recent.submission_id) recent.submission_id, exercise_id, verdict, score,
      ${errorOfGrade} as error, ${testsOfGrade}, recent.received_at
    from recent join grade using (submission_id) order by recent.submission_id, exercise_version desc`
}
