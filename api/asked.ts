import type { Transaction } from 'kysely'
import type * as z from 'zod'
import type { TriageRequest } from '../schemas/api.ts'
import type { AgentName, Conversation } from '../schemas/words.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { History } from '../platform/ports/history.ts'
import { namesOf } from '../agents/asked.ts'
import { exerciseNumber, saysOnlyNumber } from '../tutor/message/exercise.ts'
import { wantsHint } from '../tutor/message/hint-wish.ts'
import { readMessage } from '../tutor/message/read-message.ts'
import { followUp } from '../tutor/triage/follow-up.ts'
import { assignmentsOf } from './assignments.ts'
import { type Before, beforeIn } from './before.ts'
import type { Context } from './context.ts'
import { keepTurn, type NewTurn } from './conversation-rows.ts'

type Body = z.infer<typeof TriageRequest>

/**
 * A message with what the platform knows of it. `code`: the program sent with it, and for a follow-up to
 * an agent that is asked about programs that of the messages before; `own`: the program sent with it or inside its text. `exercise_id`: the one it speaks of, or that
 * was worked on last; `number`: that by which it names one of the student's assignments. `context` decides the route only where `counts`: in a conversation, or where the message says
 * nothing by itself. `ends`: it wants nothing more ("thanks").
 */
export interface Asked {
  text: string
  sent: string | null
  own: string | null
  code: string | null
  prose: string
  exercise_id: string | null
  number: number | null
  conversation_id: string | null
  context: Before
  counts: boolean
  ends: boolean
}

/** The agents that are asked about programs. */
const aboutPrograms: ReadonlySet<AgentName | null> = new Set(['debug', 'review'])

/** What the events of a question say of it. */
export const dataOf = ({ text, code, exercise_id, context }: Asked) => ({
  text,
  code,
  context,
  ...(exercise_id === null ? {} : { exercise_id }),
})

/** Reads a message of a student, with what went before it. @throws NOT_FOUND for a conversation of somebody else */
export async function readAsked({ ports, bank }: Context, studentId: string, body: Body): Promise<Asked> {
  const { text, code = null, conversation_id = null } = body
  const { code: codeBefore, ...found } = await beforeIn(ports.history.db, studentId, conversation_id)
  const context: Before = { ...found, ...present(body.context ?? {}) }
  const message = readMessage(text, { code, exercises: namesOf(bank), lastExercise: context.last_exercise })
  const meant = message.code === '' ? followUp(message.prose, context) : null
  const follows = meant !== null
  const isNamed = message.exercise !== null && message.exercise.by !== 'context'
  const number = isNamed ? null : numberIn(message.prose)
  return {
    text,
    sent: code,
    own: code ?? (message.code === '' ? null : message.code),
    code: code ?? (follows && aboutPrograms.has(context.last_agent) ? codeBefore : null),
    prose: message.prose,
    exercise_id:
      (number === null ? message.exercise?.id : await assignedAt(ports.history.db, studentId, number)) ?? null,
    number,
    conversation_id,
    context,
    ends: meant?.intent === 'other',
    counts: follows || conversation_id !== null || (body.context ?? null) !== null,
  }
}

/** The number of an assignment that a message names, where it wants a hint or says nothing else: others count other things. */
function numberIn(prose: string): number | null {
  const number = exerciseNumber(prose)
  return number !== null && (saysOnlyNumber(prose) || wantsHint(prose, [String(number)])) ? number : null
}

/** The exercise of the student's assignment of this number, from 1, as they are listed; undefined where there are fewer. */
async function assignedAt(db: History['db'], studentId: string, number: number): Promise<string | undefined> {
  const assigned = await assignmentsOf(db, { sub: studentId, role: 'student', classes: [] })
  return [...new Set(assigned.map(({ exercise_id }) => exercise_id))][number - 1]
}

/** What triage is told of what went before. */
export const contextOf = ({ context: { last_agent, last_exercise, last_verdict } }: Asked): Conversation => ({
  last_agent,
  last_exercise,
  last_verdict,
})

/** Keeps a message in the conversation that it names, if it names one. @throws NOT_FOUND */
export async function keepAsked(
  trx: Transaction<Tables>,
  studentId: string,
  { text, sent: code, exercise_id, conversation_id }: Asked,
  answered: Pick<NewTurn, 'request_id' | 'agent' | 'answer'>,
): Promise<void> {
  if (conversation_id === null) return
  await keepTurn(trx, { conversationId: conversation_id, studentId }, { text, code, exercise_id, ...answered })
}

const present = (given: Conversation): Partial<Before> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined))
