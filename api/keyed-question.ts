import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import * as z from 'zod'
import type { Accepted, TriageResult } from '../schemas/api.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { callerOf } from './auth.ts'
import type { Context } from './context.ts'
import { answerOnce, type KeyedCall, lockStudent, storedAnswer } from './idempotency.ts'
import { answerAccepted, IdempotencyKey } from './submissions.ts'

/** The headers of a question. */
export const QuestionHeaders = z.object({ 'idempotency-key': IdempotencyKey.optional() })

type Answered = z.infer<typeof Accepted> | z.infer<typeof TriageResult>

/** The call of a question, or of another kind, that has a key; undefined without one. */
export function callOf(request: FastifyRequest, kind = 'question'): KeyedCall | undefined {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return undefined
  return { studentId: callerOf(request).sub, key: `${kind} ${key}`, body: [request.url, request.body] }
}

/** Answers a question as an equal one with its key was answered; false where there was none. @throws KEY_REUSED */
export async function answeredBefore(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const call = callOf(request)
  const earlier = call === undefined ? undefined : await storedAnswer<Answered>(context.ports.history.db, call)
  if (earlier === undefined) return false
  reply.header('idempotent-replayed', 'true')
  if ('route' in earlier.response) await reply.code(200).send(earlier.response)
  else await answerAccepted(context, request, reply, earlier.response)
  return true
}

/**
 * Stores the answer for the key of a question, if it has one, in the transaction that accepts it.
 * @throws IN_FLIGHT when an equal call was faster, whose answer the next one gets
 */
export async function keepForKey(trx: Transaction<Tables>, request: FastifyRequest, answer: Answered): Promise<void> {
  const call = callOf(request)
  if (call === undefined) return
  await lockStudent(trx, call.studentId)
  const { replayed } = await answerOnce(trx, call, async () => answer)
  if (!replayed) return
  throw new PlatformError('IN_FLIGHT', 'an equal call is being answered', {
    hint: 'Repeat it with the same Idempotency-Key.',
  })
}
