import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { Hint } from '../schemas/api-hints.ts'
import { answerGiven } from '../schemas/events.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { closeRequest } from '../agents/outcome.ts'
import { wantsHint } from '../tutor/message/hint-wish.ts'
import { acceptRequest } from './accept.ts'
import { type Asked, keepAsked } from './asked.ts'
import { callerOf } from './auth.ts'
import type { Context } from './context.ts'
import { nextHint } from './hints.ts'
import { noteStuck } from './stuck.ts'
import { answerAccepted } from './submissions.ts'

/** The agent whose work hints are: what is asked next goes on about the fault. */
const agent = 'debug'

/**
 * Answers a message that asks for a hint with the next one of the exercise that it speaks of or that was worked on last.
 * The hint, its request and its turn are stored together, so that a call takes one step. False for any other message, and
 * where no exercise is known.
 */
export async function answerHint(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asked,
): Promise<boolean> {
  const exercise = context.bank.list().find(({ id }) => id === asked.exercise_id)
  if (exercise === undefined || !wantsHint(asked.prose, [exercise.id, exercise.title, ...exercise.entry])) return false
  const studentId = callerOf(request).sub
  let request_id = ''
  const keep = async (trx: Transaction<Tables>, hint: Hint): Promise<void> => {
    request_id = await keepAnswered(trx, { studentId, asked, traceparent: request.id }, hint)
  }
  try {
    await nextHint(context, { studentId, exercise, code: asked.own, message: asked.text }, keep)
  } catch (error) {
    if (!(error instanceof PlatformError && error.code === 'CONFLICT')) throw error
    const none = {
      exercise_id: exercise.id,
      level: null,
      text: `${error.message}. ${error.hint}`,
      worded_by: null,
      next: null,
    }
    await context.ports.history.transaction(async trx => keep(trx, none))
  }
  context.notify()
  await answerAccepted(context, request, reply, { request_id, agent, status: 'queued', position: 0 })
  return true
}

async function keepAnswered(
  trx: Transaction<Tables>,
  { studentId, asked, traceparent: parent }: { studentId: string; asked: Asked; traceparent: string },
  hint: Hint,
): Promise<string> {
  const about = { student_id: studentId, kind: 'question', agent, traceparent: parent } as const
  const { request_id, traceparent } = await acceptRequest(trx, about)
  await closeRequest(trx, request_id, 'done', hint)
  const event = answerGiven.of(
    studentId,
    { request_id, agent, text: hint.text },
    { key: [request_id], source: '/api', traceparent },
  )
  await enqueueEvents(trx, [event])
  await noteStuck(trx, { studentId, text: asked.text, traceparent }, request_id)
  await keepAsked(trx, studentId, asked, { request_id })
  return request_id
}
