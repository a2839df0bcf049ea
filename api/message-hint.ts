import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { Hint } from '../schemas/api-hints.ts'
import { answerGiven } from '../schemas/events.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { closeRequest } from '../agents/outcome.ts'
import { repeatsHint, wantsHint } from '../tutor/message/hint-wish.ts'
import { acceptRequest } from './accept.ts'
import { type Asked, keepAsked } from './asked.ts'
import { callerOf } from './auth.ts'
import type { Context } from './context.ts'
import { nextHint } from './hints.ts'
import { keepForKey } from './keyed-question.ts'
import { noteStuck } from './stuck.ts'
import { answerAccepted } from './submissions.ts'

/** The agent whose work hints are: what is asked next goes on about the fault. */
const agent = 'debug'

/** A hint, or that there is none; `exercise_id` is null where no exercise is meant. */
type Told = Omit<Hint, 'exercise_id'> & { exercise_id: string | null }
const seeAssignments = 'Name the exercise; learnflow assignments lists yours, learnflow exercises all.'

/**
 * Answers a message that asks for a hint with the next one, or the last one again, of the exercise that it speaks of or that
 * was worked on last.
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
  if (exercise === undefined && asked.number === null) return false
  const names = exercise === undefined ? [] : [exercise.id, exercise.title, ...exercise.entry]
  if (!wantsHint(asked.prose, [...names, String(asked.number ?? '')])) return false
  const studentId = callerOf(request).sub
  let request_id = ''
  const keep = async (trx: Transaction<Tables>, hint: Told): Promise<void> => {
    request_id = await keepAnswered(trx, { studentId, asked, traceparent: request.id }, hint)
    await keepForKey(trx, request, { request_id, agent, status: 'queued', position: 0 })
  }
  const keepNone = async (text: string): Promise<void> =>
    context.ports.history.transaction(async trx =>
      keep(trx, { exercise_id: exercise?.id ?? null, level: null, text, worded_by: null, next: null }),
    )
  try {
    const about = { studentId, code: asked.own, message: asked.text, again: repeatsHint(asked.prose) }
    if (exercise === undefined) await keepNone(`You have no assignment ${asked.number}. ${seeAssignments}`)
    else await nextHint(context, { ...about, exercise }, keep)
  } catch (error) {
    if (!(error instanceof PlatformError && error.code === 'CONFLICT')) throw error
    await keepNone(`${error.message}. ${error.hint}`)
  }
  context.notify()
  await answerAccepted(context, request, reply, { request_id, agent, status: 'queued', position: 0 })
  return true
}

async function keepAnswered(
  trx: Transaction<Tables>,
  { studentId, asked, traceparent: parent }: { studentId: string; asked: Asked; traceparent: string },
  hint: Told,
): Promise<string> {
  const about = { student_id: studentId, kind: 'question', agent, traceparent: parent } as const
  const { request_id, traceparent } = await acceptRequest(trx, about)
  await closeRequest(trx, request_id, 'done', hint)
  const event = answerGiven.of(
    studentId,
    { request_id, agent, text: hint.text, ...(hint.worded_by === null ? {} : { worded_by: hint.worded_by }) },
    { key: [request_id], source: '/api', traceparent },
  )
  await enqueueEvents(trx, [event])
  await noteStuck(trx, { studentId, text: asked.text, traceparent }, request_id)
  await keepAsked(trx, studentId, asked, { request_id })
  return request_id
}
