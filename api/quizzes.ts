import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { Quiz, QuizAnswer, QuizAnswerRequest, QuizPage, QuizRequest } from '../schemas/api-quizzes.ts'
import { PlatformError } from '../platform/errors.ts'
import { judgeAnswer } from '../tutor/quiz/judge-answer.ts'
import { makeQuiz } from '../tutor/quiz/make-quiz.ts'
import { callerOf } from './auth.ts'
import type { App, Context } from './context.ts'
import { answerOnce, lockStudent, storedAnswer } from './idempotency.ts'
import { Paging } from './paging.ts'
import { basisFor } from './quiz-materials.ts'
import { keepAnswer, questionOf, quizOf, quizPage, storeQuiz } from './quiz-rows.ts'
import { IdempotencyKey } from './submissions.ts'

const Id = z.object({ id: z.uuid() })

/** The routes for one's own quizzes: one is made, read, and answered question by question. */
export function quizRoutes(app: App, context: Context): void {
  const tags = ['quizzes']
  const { history } = context.ports
  app.post(
    '/api/v1/quizzes',
    {
      config: { problems: [404, 409, 422, 429] },
      schema: {
        tags,
        summary: 'Make a quiz, by default of what you did last; a key makes one',
        headers: z.object({ 'idempotency-key': IdempotencyKey.optional() }),
        body: QuizRequest,
        response: { 201: Quiz },
      },
    },
    async (request, reply) => {
      const { sub } = callerOf(request)
      const quizId = await made(context, sub, request.headers['idempotency-key'], request.body)
      return reply.code(201).send(await quizOf(history.db, sub, quizId))
    },
  )
  app.get(
    '/api/v1/quizzes',
    {
      schema: {
        tags,
        summary: 'Your quizzes, the newest first',
        querystring: z.strictObject(Paging),
        response: { 200: QuizPage },
      },
    },
    async request => quizPage(history.db, callerOf(request).sub, request.query),
  )
  app.get(
    '/api/v1/quizzes/:id',
    { schema: { tags, summary: 'One of your quizzes', params: Id, response: { 200: Quiz } } },
    async request => quizOf(history.db, callerOf(request).sub, request.params.id),
  )
  app.post(
    '/api/v1/quizzes/:id/answers',
    {
      config: { problems: [404, 409, 429] },
      schema: {
        tags,
        summary: 'Answer a question; only the first answer counts',
        params: Id,
        body: QuizAnswerRequest,
        response: { 200: QuizAnswer },
      },
    },
    async request => answer(context, callerOf(request).sub, request.params.id, request.body, request.id),
  )
}

/** Makes and stores a quiz, and returns its id. @throws CONFLICT when no question can be made */
async function made(context: Context, studentId: string, key: string | undefined, body: QuizRequest): Promise<string> {
  const { history, sandbox } = context.ports
  const call = key === undefined ? undefined : { studentId, key: `quiz ${key}`, body }
  const earlier = call === undefined ? undefined : await storedAnswer<string>(history.db, call)
  if (earlier !== undefined) return earlier.response
  const seed = key === undefined ? randomUUID() : `${studentId} ${key}`
  const basis = await basisFor(context, studentId, body)
  const questions = await makeQuiz(basis.materials, { count: body.questions, seed }, sandbox)
  if (questions.length === 0)
    throw new PlatformError('CONFLICT', 'no question can be made of this', {
      hint: 'Name a topic, or other exercises.',
    })
  return history.transaction(async trx => {
    await lockStudent(trx, studentId)
    const store = async (): Promise<string> => storeQuiz(trx, studentId, basis, { seed, questions })
    return call === undefined ? store() : (await answerOnce(trx, call, store)).response
  })
}

/** Judges an answer, unless the question is answered, and keeps it. */
async function answer(
  { ports: { history, sandbox }, bank, notify }: Context,
  studentId: string,
  quizId: string,
  body: z.infer<typeof QuizAnswerRequest>,
  traceparent: string,
): Promise<QuizAnswer> {
  const { question, judged } = await questionOf(history.db, studentId, quizId, body.question)
  const find = async (id: string, version: number) => bank.find(id, version)
  const found = judged ?? (await judgeAnswer(question, body.answer, { sandbox, find, owner: studentId }))
  const kept = await history.transaction(async trx => {
    await lockStudent(trx, studentId)
    return keepAnswer(trx, studentId, { quiz_id: quizId, question: body.question, traceparent }, found)
  })
  if (kept.counted && kept.left === 0) notify()
  return kept
}
