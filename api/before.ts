import { type Kysely, sql } from 'kysely'
import { type AgentName, agentNames, type Conversation, type Verdict } from '../schemas/words.ts'
import type { Tables } from '../platform/history/tables.ts'
import { readMessage } from '../tutor/message/read-message.ts'
import { saysNothing } from '../tutor/triage/follow-up.ts'
import { unknownConversation } from './conversation-rows.ts'

type Db = Kysely<Tables>

/** What went before a message; `last_text`, what was asked last, is cut, as in the events. */
export type Before = Required<{ [Key in keyof Conversation]: NonNullable<Conversation[Key]> | null }> & {
  last_text: string | null
}
const lastTextLength = 2_000

interface Question {
  agent: string | null
  exercise_id: string | null
  text: string | null
  /** `last_text` of its event. */
  before: string | null
  code: string | null
  code_at: Date | null
  at: Date
}
interface Submission {
  exercise_id: string
  verdict: Verdict | null
  at: Date
}

/**
 * What went before, by the last message and the last submission, whichever is newer: after a submission its verdict
 * decides where a follow-up goes. Messages are those of the conversation, or without one all of the student's. `code`: the
 * program that the messages are about, null where it is the one handed in. @throws NOT_FOUND for a conversation of somebody else
 */
export async function beforeIn(
  db: Db,
  studentId: string,
  conversationId: string | null,
): Promise<Before & { code: string | null }> {
  const question =
    conversationId === null ? await lastRequest(db, studentId) : await lastTurn(db, studentId, conversationId)
  const handedIn = await lastSubmission(db, studentId)
  const handedInLast = handedIn !== undefined && (question === undefined || handedIn.at > question.at)
  const exercise = handedInLast ? handedIn.exercise_id : (question?.exercise_id ?? handedIn?.exercise_id ?? null)
  const last_agent: AgentName | undefined = agentNames.find(name => name === question?.agent)
  return {
    last_agent: handedInLast ? null : (last_agent ?? null),
    last_exercise: exercise,
    last_verdict: handedIn?.exercise_id === exercise ? (handedIn?.verdict ?? null) : null,
    last_text: askedIn(question)?.slice(0, lastTextLength).toWellFormed() ?? null,
    code: handedInLast ? null : programIn(question, handedIn?.at),
  }
}

/** What the message asks; where it says nothing by itself ("why?"), what was asked before it. */
function askedIn(question: Question | undefined): string | null {
  if (question === undefined || question.text === null) return null
  return saysNothing(question.text) ? (question.before ?? question.text) : question.text
}

/** The program inside a message, sent with it, or sent with an earlier one, but none from before a submission. */
function programIn(question: Question | undefined, handedInAt: Date | undefined): string | null {
  if (question === undefined) return null
  const inside = question.text === null ? '' : readMessage(question.text).code
  if (inside !== '') return inside
  const isOld = handedInAt !== undefined && question.code_at !== null && question.code_at < handedInAt
  return isOld ? null : question.code
}

/** The last message that an agent took ("thanks" is none), with the last program sent. @throws NOT_FOUND */
async function lastTurn(db: Db, studentId: string, conversationId: string): Promise<Question | undefined> {
  const { rows } = await sql<Partial<Question>>`select said.*, program.code, program.at as code_at
    from conversation
    left join lateral (select coalesce(request.agent, turn.agent) as agent,
        coalesce(request.result ->> 'exercise_id', turn.exercise_id) as exercise_id, turn.text,
        turn.at, event #>> '{data,context,last_text}' as before
      from turn left join request using (request_id)
      where turn.conversation_id = ${conversationId} and coalesce(request.agent, turn.agent) is not null
      order by place desc limit 1) said on true
    left join lateral (select code, at from turn
      where turn.conversation_id = ${conversationId} and code is not null order by place desc limit 1) program on true
    where conversation.conversation_id = ${conversationId} and conversation.student_id = ${studentId}`.execute(db)
  const [row] = rows
  if (row === undefined) throw unknownConversation(conversationId)
  return row.at === null ? undefined : (row as Question)
}

async function lastRequest(db: Db, studentId: string): Promise<Question | undefined> {
  const { rows } = await sql<Question>`select agent,
      coalesce(result ->> 'exercise_id', event #>> '{data,exercise_id}') as exercise_id,
      event #>> '{data,text}' as text, event #>> '{data,context,last_text}' as before, event #>> '{data,code}' as code, created_at as code_at,
      created_at as at
    from request where student_id = ${studentId} and kind = 'question' order by created_at desc limit 1`.execute(db)
  return rows[0]
}

async function lastSubmission(db: Db, studentId: string): Promise<Submission | undefined> {
  const { rows } = await sql<Submission>`select submission.exercise_id, verdict, received_at as at
    from submission left join grade using (submission_id) where submission.student_id = ${studentId}
    order by received_at desc, grade.exercise_version desc nulls last limit 1`.execute(db)
  return rows[0]
}
