import type { FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { Accepted, RequestState, SubmissionPage, SubmissionRequest } from '../schemas/api.ts'
import { ExerciseId } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import { passStep } from '../platform/steps.ts'
import { acceptSubmission, receivedEvent } from './accept.ts'
import { type Caller, callerOf, forbidden } from './auth.ts'
import type { App, Context } from './context.ts'
import { exerciseOf } from './exercises.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { handInForClasses } from './hand-in.ts'
import { answerOnce, lockStudent } from './idempotency.ts'
import { Paging } from './paging.ts'
import { requestFor, stateOf, unknownRequest } from './state.ts'
import { waitAsPreferred } from './prefer.ts'
import { listSubmissions } from './submission-list.ts'
import { maySee } from './visibility.ts'

/** 1-128 visible ASCII characters. */
export const IdempotencyKey = z
  .string('is required')
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1-128 visible ASCII characters')
const Id = z.object({ id: z.uuid() })

/** The routes that submit programs, list one's own submissions, and grade again. */
export function submissionRoutes(app: App, context: Context): void {
  const about = { tags: ['submissions'] }
  app.post(
    '/api/v1/submissions',
    {
      config: { problems: [404, 409, 422] },
      schema: {
        ...about,
        summary: 'Hand in a program',
        headers: z.object({ 'idempotency-key': IdempotencyKey, prefer: z.string().optional() }),
        body: SubmissionRequest,
        response: { 200: RequestState, 202: Accepted },
      },
    },
    async (request, reply) => {
      const { response, replayed } = await submit(context, request, request.headers['idempotency-key'], request.body)
      if (replayed) reply.header('idempotent-replayed', 'true')
      else {
        const { request_id } = response
        passStep('api:accepted', { student: callerOf(request).sub, request_id, traceparent: request.id })
        context.notify()
      }
      return answerAccepted(context, request, reply, response)
    },
  )
  app.get(
    '/api/v1/submissions',
    {
      schema: {
        ...about,
        summary: 'Your submissions, newest first',
        querystring: z.strictObject({ ...Paging, exercise_id: ExerciseId.optional() }),
        response: { 200: SubmissionPage },
      },
    },
    async request => listSubmissions(context, callerOf(request), request.query),
  )
  app.post(
    '/api/v1/submissions/:id/regrade',
    {
      config: { problems: [409] },
      schema: {
        ...about,
        summary: 'Grade a submission under the newest version of its exercise',
        params: Id,
        response: { 202: Accepted },
      },
    },
    async (request, reply) => {
      const response = await regrade(context, callerOf(request), request.params.id)
      context.notify()
      return reply.code(202).header('location', locationOf(response.request_id)).send(response)
    },
  )
}

const locationOf = (requestId: string): string => `/api/v1/requests/${requestId}`

type AcceptedResponse = z.infer<typeof Accepted>

/**
 * Stores the submission, its request and its event in one transaction, or returns the answer of an equal earlier call.
 */
async function submit(
  { ports, bank }: Context,
  request: FastifyRequest,
  key: string,
  body: z.infer<typeof SubmissionRequest>,
): Promise<{ response: AcceptedResponse; replayed: boolean }> {
  const studentId = callerOf(request).sub
  const exercise = await exerciseOf(bank, body.exercise_id, studentId)
  return ports.history.transaction(async trx => {
    await lockStudent(trx, studentId)
    return answerOnce(
      trx,
      {
        studentId,
        key,
        body: ['submission', body.exercise_id, body.code, ...(body.class_id === undefined ? [] : [body.class_id])],
      },
      async (): Promise<AcceptedResponse> => {
        const { request_id, position } = await acceptSubmission(trx, {
          studentId,
          exerciseId: exercise.id,
          exerciseVersion: exercise.version,
          code: body.code,
          traceparent: request.id,
        })
        await handInForClasses(trx, { studentId, submissionId: request_id, exerciseId: exercise.id }, body.class_id)
        return { request_id, submission_id: request_id, status: 'queued', position }
      },
    )
  })
}

/**
 * 202 with the URL of the request, or with `Prefer: wait=N` (RFC 7240) 200 with the result when it is ready within N
 * seconds (at most 30).
 */
export async function answerAccepted(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  accepted: AcceptedResponse,
): Promise<FastifyReply> {
  reply.header('location', locationOf(accepted.request_id))
  if (await waitAsPreferred(context, request, reply, accepted.request_id)) {
    const caller = callerOf(request)
    const { db } = context.ports.history
    return reply.code(200).send(await stateOf(db, await requestFor(db, caller, accepted.request_id), caller))
  }
  return reply.code(202).send(accepted)
}

/**
 * Asks for a grade under the exercise's current version; older grades stay.
 * @throws NOT_FOUND, FORBIDDEN; CONFLICT when that grade exists or the submission was cancelled.
 */
async function regrade({ ports, bank }: Context, caller: Caller, id: string): Promise<AcceptedResponse> {
  const { db } = ports.history
  const row = await db
    .selectFrom('submission')
    .innerJoin('request', 'request_id', 'submission_id')
    .selectAll('submission')
    .select(['request.status', 'request.traceparent'])
    .where('submission_id', '=', id)
    .executeTakeFirst()
  if (row === undefined || !(await maySee(db, caller, row.student_id, id))) throw unknownRequest(id)
  if (caller.role === 'student') throw forbidden('only teachers and operators have programs graded again')
  const { version } = await exerciseOf(bank, row.exercise_id)
  const known = await db
    .selectFrom('grade')
    .select('graded_at')
    .where('submission_id', '=', id)
    .where('exercise_version', '=', version)
    .executeTakeFirst()
  if (known !== undefined)
    throw new PlatformError('CONFLICT', `it is graded under version ${version} of ${row.exercise_id} already`, {
      hint: 'Raise the version of the exercise; its file decides.',
    })
  if (row.status === 'cancelled')
    throw new PlatformError('CONFLICT', 'the submission was cancelled', { hint: 'Hand the program in again.' })
  const event = receivedEvent(
    row.student_id,
    {
      submission_id: id,
      exercise_id: row.exercise_id,
      exercise_version: version,
      attempt: row.attempt,
      code: row.code,
    },
    row.traceparent,
  )
  await ports.history.transaction(async trx => {
    await enqueueEvents(trx, [event])
    await trx
      .insertInto('audit')
      .values({
        actor: caller.sub,
        action: 'submission.regrade',
        subject: row.student_id,
        detail: JSON.stringify({ submission_id: id, exercise_version: version }),
      })
      .execute()
  })
  return { request_id: id, submission_id: id, status: 'queued', position: 0 }
}
