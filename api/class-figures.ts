import { sql } from 'kysely'
import type * as z from 'zod'
import type { ClassAlerts, ClassProgress } from '../schemas/api-classes.ts'
import type { History } from '../platform/ports/history.ts'
import type { Context } from './context.ts'
import { masteryInClasses } from './mastery.ts'
import { real } from './synthetic.ts'

type Db = History['db']
type Progress = z.infer<typeof ClassProgress>
type Alert = z.infer<typeof ClassAlerts>['alerts'][number]

/** This many failures in a row raise an alert. */
const maxFailed = 5
const maxEvidence = 20
/** The code of what a message of a person in a crisis is answered with. */
export const crisisCode = 'CRISIS'

/**
 * The progress of each student who has joined a class, without synthetic students, in what was handed in for it. An
 * exercise counts as passed once any grade of it is.
 */
export async function classProgress(context: Context, classId: string): Promise<Progress> {
  const { db } = context.ports.history
  const { rows: students } = await sql<
    Omit<Progress['students'][number], 'mastery' | 'last_submission_at'> & { last_submission_at: Date | null }
  >`
    select member.student_id, count(distinct submission.submission_id)::int as submissions,
      count(distinct submission.exercise_id)::int as exercises_tried,
      count(distinct grade.exercise_id) filter (where grade.verdict = 'passed')::int as exercises_passed,
      max(submission.received_at) as last_submission_at
    from class_member member
    left join (submission join submission_class handed using (submission_id))
      on handed.class_id = member.class_id and submission.student_id = member.student_id
    left join grade on grade.submission_id = submission.submission_id
    where member.class_id = ${classId} and joined_at is not null and ${real('member.student_id')} group by member.student_id
    order by member.student_id`.execute(db)
  const byStudent = await masteryInClasses(context, [classId])
  return {
    class_id: classId,
    students: students.map(({ last_submission_at, ...student }) => ({
      ...student,
      last_submission_at: last_submission_at === null ? null : new Date(last_submission_at).toISOString(),
      mastery: (byStudent.get(student.student_id) ?? []).map(({ module, mastery, level }) => ({
        module,
        mastery,
        level,
      })),
    })),
    assignments: await assignmentFigures(db, classId),
  }
}

/** How many of the class tried and passed each assigned exercise, and how many of these passed only after its due time. */
async function assignmentFigures(db: Db, classId: string): Promise<Progress['assignments']> {
  const { rows } = await sql<{
    exercise_id: string
    exercise_version: number
    due: string | null
    tried: number
    passed: number
    passed_late: number
  }>`
    select assignment.exercise_id, assignment.exercise_version,
      to_char(assignment.due at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as due,
      count(distinct grade.student_id)::int as tried,
      count(distinct grade.student_id) filter (where grade.verdict = 'passed')::int as passed,
      (count(distinct grade.student_id) filter (where grade.verdict = 'passed')
        - count(distinct grade.student_id) filter (where grade.verdict = 'passed'
          and (assignment.due is null or received_at <= assignment.due)))::int as passed_late
    from assignment left join class_member member on member.class_id = assignment.class_id
      and joined_at is not null and ${real('member.student_id')}
    left join (grade join submission using (submission_id) join submission_class handed using (submission_id))
      on handed.class_id = assignment.class_id and grade.student_id = member.student_id
      and grade.exercise_id = assignment.exercise_id
    where assignment.class_id = ${classId} group by assignment.assignment_id order by assignment.assigned_at`.execute(
    db,
  )
  return rows
}

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
    evidence: evidence.slice(0, maxEvidence),
  }))
}

/**
 * The students of a class who wrote of a crisis, where this is to be told, and those who failed five or more submissions in a row, or none of whose graded submissions passed; the
 * newest of those failures are the evidence. A submission counts with its newest grade.
 */
export async function classAlerts(db: Db, classId: string): Promise<Alert[]> {
  const { rows } = await sql<{ student_id: string; failed: number; exercise_ids: string[]; evidence: string[] }>`
    with newest as (
      select distinct on (grade.submission_id) grade.student_id, grade.submission_id, grade.exercise_id, grade.verdict,
        submission.received_at
      from class_member member join grade on grade.student_id = member.student_id
      join submission on submission.submission_id = grade.submission_id
      join submission_class handed on handed.submission_id = grade.submission_id and handed.class_id = member.class_id
      where member.class_id = ${classId} and joined_at is not null and ${real('member.student_id')}
      order by grade.submission_id, grade.exercise_version desc
    ), success as (
      select student_id, max(received_at) filter (where verdict = 'passed') as passed_at from newest group by student_id
    )
    select newest.student_id, count(*)::int as failed,
      json_agg(distinct newest.exercise_id) as exercise_ids,
      json_agg(newest.submission_id order by newest.received_at desc) as evidence
    from newest join success on success.student_id = newest.student_id
    where success.passed_at is null or newest.received_at > success.passed_at
    group by newest.student_id, success.passed_at having count(*) >= ${maxFailed} or success.passed_at is null
    order by count(*) desc, newest.student_id`.execute(db)
  const failing = rows.map(({ evidence, ...row }): Alert => ({
    ...row,
    reason: row.failed >= maxFailed ? 'failed_in_a_row' : 'none_passed',
    evidence: evidence.slice(0, maxEvidence),
  }))
  return [...(await crises(db, classId)), ...failing]
}
