import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { type Due, recommend, type Recommendation, type Tried } from '../../tutor/practice/recommend.ts'
import { readWish } from '../../tutor/practice/wish.ts'

/**
 * What a student is offered after a message, and as text. `exercise_id`: the first suggestion, which a hint that is asked
 * for next is about; `quiz`: a quiz on what was done is offered, too.
 */
export interface Offer extends Recommendation {
  exercise_id: string | null
  quiz: boolean
  text: string
}

/** The next exercises for a student, by what the message wishes and by what the history shows. */
export async function offerFor(
  db: Kysely<Tables>,
  bank: ExerciseBank,
  { studentId, text, now = new Date() }: { studentId: string; text: string; now?: Date },
): Promise<Offer> {
  const offered = bank.list()
  const tried = await triedBy(db, studentId)
  const wish = readWish(text, offered)
  const found = recommend(offered, { tried, due: await dueFor(db, studentId), wish, now })
  const quiz = wish.quiz || (await mayBeQuizzed(db, studentId))
  const lines = [...(quiz ? [quizLine(tried)] : []), textOf(found)]
  const exercise_id = found.suggestions[0]?.id ?? null
  return { ...found, exercise_id, quiz, text: (wish.quiz ? lines : lines.toReversed()).join('\n') }
}

/** Whether what was handed in last has passed, and no quiz was made since. */
async function mayBeQuizzed(db: Kysely<Tables>, studentId: string): Promise<boolean> {
  const { rows } = await sql<{ quizzable: boolean }>`select coalesce(verdict = 'passed', false) and not exists (
      select 1 from quiz where quiz.student_id = ${studentId} and made_at > received_at) as quizzable
    from submission left join grade using (submission_id) where submission.student_id = ${studentId}
    order by received_at desc, grade.exercise_version desc nulls last limit 1`.execute(db)
  return rows[0]?.quizzable ?? false
}

const quizLine = (tried: readonly Tried[]): string =>
  tried.length === 0
    ? 'A quiz on a topic: learnflow quiz --topic "for loops" makes it.'
    : 'A quiz of five questions on what you did: learnflow quiz makes it.'

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
    `learnflow exercises show ${first.id} shows it.`,
  ].join('\n')
}
