import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { type Due, recommend, type Recommendation, type Tried } from '../../tutor/practice/recommend.ts'
import { readWish } from '../../tutor/practice/wish.ts'

/** What a student is offered after a message, and as text. */
export interface Offer extends Recommendation {
  text: string
}

/** The next exercises for a student, by what the message wishes and by what the history shows. */
export async function offerFor(
  db: Kysely<Tables>,
  bank: ExerciseBank,
  { studentId, text, now = new Date() }: { studentId: string; text: string; now?: Date },
): Promise<Offer> {
  const offered = bank.list()
  const found = recommend(offered, {
    tried: await triedBy(db, studentId),
    due: await dueFor(db, studentId),
    wish: readWish(text, offered),
    now,
  })
  return { ...found, text: textOf(found) }
}

async function triedBy(db: Kysely<Tables>, studentId: string): Promise<Tried[]> {
  const { rows } = await sql<Tried>`select submission.exercise_id, count(distinct submission_id)::int as attempts,
      coalesce(bool_or(verdict = 'passed'), false) as passed, max(received_at) as last_at
    from submission left join grade using (submission_id) where submission.student_id = ${studentId}
    group by submission.exercise_id`.execute(db)
  return rows
}

/** What is assigned to the student and not passed. */
async function dueFor(db: Kysely<Tables>, studentId: string): Promise<Due[]> {
  const { rows } = await sql<Due>`select assignment.exercise_id, assignment.class_id,
      to_char(assignment.due at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS') as due
    from assignment join class_member member on member.class_id = assignment.class_id
    where member.student_id = ${studentId} and joined_at is not null and not exists (select 1 from grade
      where grade.student_id = ${studentId} and grade.exercise_id = assignment.exercise_id and verdict = 'passed')`.execute(
    db,
  )
  return rows
}

function textOf({ suggestions: [first, ...others], missing }: Recommendation): string {
  const none = missing === undefined ? [] : [`There is no exercise on ${missing || 'that'} here.`]
  if (first === undefined) return [...none, 'learnflow exercises lists what there is.'].join(' ')
  const line = ({ id, title, level, reason }: typeof first): string => `${title} (${id}, ${level}): ${reason}.`
  return [
    ...none,
    `Next: ${line(first)}`,
    ...others.map(other => `Or: ${line(other)}`),
    `GET /api/v1/exercises/${first.id} shows it.`,
  ].join('\n')
}
