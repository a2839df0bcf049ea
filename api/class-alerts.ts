import { sql } from 'kysely'
import type * as z from 'zod'
import type { ClassAlerts } from '../schemas/api-classes.ts'
import type { History } from '../platform/ports/history.ts'
import { errorOfGrade, maxAttempts, takenQuizzes, testsOfGrade } from '../agents/progress/attempts.ts'
import { type Attempt, failuresInARow, quizStruggles, strugglesOf } from '../tutor/struggle/rules.ts'
import { isForClass } from './class-quizzes.ts'
import { real } from './synthetic.ts'

type Db = History['db']
type Alert = z.infer<typeof ClassAlerts>['alerts'][number]

const maxEvidence = 20
/** The code of what a message of a person in a crisis is answered with. */
export const crisisCode = 'CRISIS'

/** The students of a class who wrote of suicide or self-harm within a week, where this is to be told. */
async function crises(db: Db, classId: string): Promise<Alert[]> {
  const { rows } = await sql<{ student_id: string; evidence: string[] }>`
    select member.student_id, json_agg(request.request_id order by request.created_at desc) as evidence
    from class_member member join request on request.student_id = member.student_id
    where member.class_id = ${classId} and joined_at is not null and ${real('member.student_id')}
      and request.kind = 'question' and request.result->>'code' = ${crisisCode}
      and request.created_at > now() - interval '7 days'
    group by member.student_id order by member.student_id`.execute(db)
  return rows.map(({ student_id, evidence }) => ({
    student_id,
    reason: 'crisis',
    failed: 0,
    exercise_ids: [],
    error: null,
    evidence: evidence.slice(0, maxEvidence),
  }))
}

type Failing = Pick<Alert, 'student_id' | 'failed' | 'exercise_ids' | 'evidence' | 'error'>

/**
 * The students who failed five or more submissions in a row, or none of whose graded submissions passed; the newest of
 * those failures are the evidence.
 */
async function failing(db: Db, classId: string): Promise<Alert[]> {
  const { rows } = await sql<Failing>`
    with newest as (
      select distinct on (grade.submission_id) grade.student_id, grade.submission_id, grade.exercise_id, grade.verdict,
        submission.received_at, ${errorOfGrade} as error
      from class_member member join grade on grade.student_id = member.student_id
      join submission on submission.submission_id = grade.submission_id
      join submission_class handed on handed.submission_id = grade.submission_id and handed.class_id = member.class_id
      where member.class_id = ${classId} and joined_at is not null and ${real('member.student_id')}
      order by grade.submission_id, grade.exercise_version desc
    ), success as (
      select student_id, max(received_at) filter (where verdict = 'passed') as passed_at from newest group by student_id
    )
    select newest.student_id, count(*)::int as failed, mode() within group (order by error) as error,
      json_agg(distinct newest.exercise_id) as exercise_ids,
      json_agg(newest.submission_id order by newest.received_at desc) as evidence
    from newest join success on success.student_id = newest.student_id
    where success.passed_at is null or newest.received_at > success.passed_at
    group by newest.student_id, success.passed_at having count(*) >= ${failuresInARow} or success.passed_at is null
    order by count(*) desc, newest.student_id`.execute(db)
  return rows.map(({ evidence, ...row }) => ({
    ...row,
    reason: row.failed >= failuresInARow ? 'failed_in_a_row' : 'none_passed',
    evidence: evidence.slice(0, maxEvidence),
  }))
}

/** The students who meet the same error again or work too long on one exercise, in what was handed in for the class. */
async function circling(db: Db, classId: string): Promise<Alert[]> {
  const { rows } = await sql<Attempt & { student_id: string }>`
    with mine as (
      select submission.student_id, submission_id, received_at,
        row_number() over (partition by submission.student_id order by received_at desc) as nth
      from class_member member join submission on submission.student_id = member.student_id
      join submission_class handed using (submission_id)
      where member.class_id = ${classId} and handed.class_id = ${classId} and joined_at is not null
        and ${real('member.student_id')}
    )
    select distinct on (submission_id) mine.student_id, submission_id, exercise_id, verdict, score,
      ${errorOfGrade} as error, ${testsOfGrade}, received_at,
      (select assigned_at from assignment where class_id = ${classId} and assignment.exercise_id = grade.exercise_id)
    from mine join grade using (submission_id) where nth <= ${maxAttempts}
    order by submission_id, exercise_version desc`.execute(db)
  const byStudent = Map.groupBy(rows, ({ student_id }) => student_id)
  return [...byStudent]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([student_id, attempts]) =>
      strugglesOf(attempts).flatMap(({ rule, exercise_id, error, evidence }): Alert[] =>
        rule === 'same_error' || rule === 'too_long'
          ? [
              {
                student_id,
                reason: rule,
                failed: evidence.length,
                exercise_ids: exercise_id === null ? [] : [exercise_id],
                error: error ?? commonest(attempts.filter(({ submission_id }) => evidence.includes(submission_id))),
                evidence: [...evidence],
              },
            ]
          : [],
      ),
    )
}

/** The students of a class who had less than half of a quiz right, and no success in its module since. */
async function badQuizzes(db: Db, classId: string): Promise<Alert[]> {
  const { rows } = await takenQuizzes(sql`where exists (select 1 from class_member member
    where member.class_id = ${classId} and ${real('member.student_id')} and ${isForClass})`).execute(db)
  const byStudent = Map.groupBy(rows, ({ student_id }) => student_id)
  return [...byStudent]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([student_id, quizzes]) =>
      quizStruggles(quizzes).map(({ evidence }): Alert => ({
        student_id,
        reason: 'quiz_below_half',
        failed: evidence.length,
        exercise_ids: [],
        error: null,
        evidence: [...evidence],
      })),
    )
}

/** The error that most of these attempts show. */
function commonest(attempts: readonly Attempt[]): string | null {
  const kinds = Map.groupBy(
    attempts.flatMap(({ error }) => error ?? []),
    error => error,
  )
  return [...kinds].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null
}

/** The students of a class who said within a week that they are stuck, and passed nothing since. */
async function stuck(db: Db, classId: string): Promise<Alert[]> {
  const { rows } = await sql<{ student_id: string; evidence: string[] }>`
    select member.student_id, struggle.evidence
    from class_member member join struggle on struggle.student_id = member.student_id
    where member.class_id = ${classId} and joined_at is not null and ${real('member.student_id')}
      and rule = 'says_stuck' and cleared_at is null and detected_at > now() - interval '7 days'
    order by member.student_id, detected_at desc`.execute(db)
  return rows.map(row => ({ ...row, reason: 'says_stuck', failed: 0, exercise_ids: [], error: null }))
}

/**
 * The students of a class who wrote of a crisis, where this is to be told, and those who struggle, with the rule that
 * says so. Computed from the history, so a success clears it. A submission counts with its newest grade.
 */
export async function classAlerts(db: Db, classId: string): Promise<Alert[]> {
  const alerts: Alert[] = []
  for (const look of [crises, stuck, failing, circling, badQuizzes]) alerts.push(...(await look(db, classId)))
  return alerts
}
