import { randomUUID } from 'node:crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import * as z from 'zod'
import { quizAnswered } from '../schemas/events.ts'
import type { Quiz, QuizAnswer, QuizPage, QuizQuestion } from '../schemas/api-quizzes.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { History } from '../platform/ports/history.ts'
import type { AnswerJudged } from '../tutor/quiz/judge-answer.ts'
import type { Key, Question } from '../tutor/quiz/question.ts'
import { cursorOf, readCursor } from './paging.ts'
import type { QuizBasis } from './quiz-materials.ts'

type Db = History['db']
type QuizRow = Selectable<Tables['quiz']>
type QuestionRow = Selectable<Tables['quiz_question']>

/** Stores a quiz and returns its id. The keys stand apart from what is shown. */
export async function storeQuiz(
  trx: Transaction<Tables>,
  studentId: string,
  { module, made_from }: QuizBasis,
  { seed, questions }: { seed: string; questions: readonly Question[] },
): Promise<string> {
  const quiz_id = randomUUID()
  await trx
    .insertInto('quiz')
    .values({ quiz_id, student_id: studentId, module, seed, made_from: JSON.stringify(made_from) })
    .execute()
  const rows = questions.map(({ key, ...question }, at) => ({
    quiz_id,
    place: at + 1,
    question: JSON.stringify(question),
    answer_key: JSON.stringify(key),
  }))
  await trx.insertInto('quiz_question').values(rows).execute()
  return quiz_id
}

const unknownQuiz = (id: string): PlatformError =>
  new PlatformError('NOT_FOUND', `you have no quiz ${id}`, { hint: 'GET /api/v1/quizzes lists yours.' })

/** @throws NOT_FOUND, also for another student's */
async function quizRow(db: Db, studentId: string, id: string): Promise<QuizRow> {
  const row = await db
    .selectFrom('quiz')
    .selectAll()
    .where('quiz_id', '=', id)
    .where('student_id', '=', studentId)
    .executeTakeFirst()
  if (row === undefined) throw unknownQuiz(id)
  return row
}

const summaryOf = ({ quiz_id, module, made_at, answered_at, score }: QuizRow): Omit<Quiz, 'questions'> => ({
  quiz_id,
  module,
  made_at: made_at.toISOString(),
  answered_at: answered_at?.toISOString() ?? null,
  score,
})

/** A student's own quiz, without the keys of what is not answered. @throws NOT_FOUND */
export async function quizOf(db: Db, studentId: string, id: string): Promise<Quiz> {
  const quiz = await quizRow(db, studentId, id)
  const rows = await db
    .selectFrom('quiz_question')
    .select(['place', 'question', 'judged'])
    .where('quiz_id', '=', id)
    .orderBy('place')
    .execute()
  const questions = rows.map(({ place, question, judged }) => ({
    ...(question as Omit<QuizQuestion, 'question' | 'judged'>),
    question: place,
    judged: judged as QuizQuestion['judged'],
  }))
  return { ...summaryOf(quiz), questions }
}

/** A question of a student's own quiz, and how it was judged if it was. @throws NOT_FOUND */
export async function questionOf(
  db: Db,
  studentId: string,
  id: string,
  place: number,
): Promise<{ question: Question; judged: AnswerJudged | null }> {
  await quizRow(db, studentId, id)
  const row: QuestionRow | undefined = await db
    .selectFrom('quiz_question')
    .selectAll()
    .where('quiz_id', '=', id)
    .where('place', '=', place)
    .executeTakeFirst()
  if (row === undefined)
    throw new PlatformError('NOT_FOUND', `the quiz ${id} has no question ${place}`, {
      hint: `GET /api/v1/quizzes/${id} shows its questions.`,
    })
  const question = { ...(row.question as Omit<Question, 'key'>), key: row.answer_key as Key }
  return { question, judged: row.judged as AnswerJudged | null }
}

/**
 * Keeps the first answer to a question; with the last one the score and the event `quiz.answered`, in one transaction,
 * which needs the student's lock. @throws NOT_FOUND when it was erased meanwhile
 */
export async function keepAnswer(
  trx: Transaction<Tables>,
  studentId: string,
  { quiz_id, question, traceparent }: { quiz_id: string; question: number; traceparent: string | undefined },
  judged: AnswerJudged,
): Promise<QuizAnswer> {
  const { module } = await quizRow(trx, studentId, quiz_id)
  const { numUpdatedRows } = await trx
    .updateTable('quiz_question')
    .set({ judged: JSON.stringify(judged), answered_at: sql<Date>`clock_timestamp()` })
    .where('quiz_id', '=', quiz_id)
    .where('place', '=', question)
    .where('judged', 'is', null)
    .executeTakeFirst()
  const rows = await trx
    .selectFrom('quiz_question')
    .select(['place', 'judged'])
    .where('quiz_id', '=', quiz_id)
    .execute()
  const answers = rows.map(row => ({ place: row.place, judged: row.judged as AnswerJudged | null }))
  const kept = answers.find(({ place }) => place === question)?.judged
  if (kept === undefined || kept === null) throw unknownQuiz(quiz_id)
  const left = answers.filter(one => one.judged === null).length
  const score = left > 0 ? null : answers.filter(one => one.judged?.right === true).length / answers.length
  if (score !== null && numUpdatedRows > 0n) {
    await trx
      .updateTable('quiz')
      .set({ score, answered_at: sql<Date>`clock_timestamp()` })
      .where('quiz_id', '=', quiz_id)
      .execute()
    const event = quizAnswered.of(
      studentId,
      { quiz_id, module, score },
      { key: [quiz_id], source: '/api', traceparent },
    )
    await enqueueEvents(trx, [event])
  }
  return { quiz_id, question, counted: numUpdatedRows > 0n, ...kept, left, score }
}

/** A student's own quizzes, the newest first. @throws INVALID_INPUT for a cursor that is none */
export async function quizPage(
  db: Db,
  studentId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<QuizPage> {
  const after =
    cursor === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(made_at, quiz_id) < (select made_at, quiz_id from quiz where quiz_id = ${readCursor(cursor, z.uuid())})`
  const { rows } = await sql<QuizRow & { questions: number; answered: number }>`
    select quiz.*, count(*)::int as questions, count(judged)::int as answered
    from quiz join quiz_question using (quiz_id) where student_id = ${studentId} and ${after}
    group by quiz.quiz_id order by made_at desc, quiz.quiz_id desc limit ${limit + 1}`.execute(db)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    quizzes: page.map(({ questions, answered, ...row }) => ({ ...summaryOf(row), questions, answered })),
    next: rows.length > limit && last !== undefined ? cursorOf(last.quiz_id) : null,
  }
}
