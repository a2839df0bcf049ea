import { sql } from 'kysely'
import type * as z from 'zod'
import type { ClassProgress } from '../schemas/api-classes.ts'
import type { History } from '../platform/ports/history.ts'
import type { Context } from './context.ts'
import { masteryInClasses } from './mastery.ts'
import { real } from './synthetic.ts'

type Db = History['db']
type Progress = z.infer<typeof ClassProgress>

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
