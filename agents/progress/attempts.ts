import { type RawBuilder, sql } from 'kysely'
import type { Attempt, TakenQuiz } from '../../tutor/struggle/rules.ts'

/** So many attempts of a student are looked at, the newest; all rules are about the last few. */
export const maxAttempts = 50

/** So many quizzes are looked at, the newest. */
const maxQuizzes = 1_000

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
      ${errorOfGrade} as error, ${testsOfGrade}, recent.received_at,
      (select max(assigned_at) from assignment join class_member member using (class_id)
        where member.student_id = ${studentId} and joined_at is not null
          and assignment.exercise_id = grade.exercise_id) as assigned_at
    from recent join grade using (submission_id) order by recent.submission_id, exercise_version desc`
}

/** The answered quizzes that a condition on them (`where ...`) lets through, the newest of them. */
export function takenQuizzes(where: RawBuilder<unknown>): RawBuilder<TakenQuiz & { student_id: string }> {
  return sql`select quiz_id, student_id, module, score, answered_at, (select max(received_at)
      from grade join submission using (submission_id)
      where grade.student_id = quiz.student_id and grade.module = quiz.module and verdict = 'passed') as passed_at
    from quiz ${where} and answered_at is not null order by answered_at desc limit ${maxQuizzes}`
}
