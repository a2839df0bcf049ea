import { randomUUID } from 'node:crypto'
import { type Kysely, type RawBuilder, sql, type SqlBool, type Transaction } from 'kysely'
import * as z from 'zod'
import type { ConversationPage, ConversationSummary, ConversationView, Turn } from '../schemas/api-conversations.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import { cursorOf, readCursor } from './paging.ts'

type Db = Kysely<Tables>
interface Page {
  limit: number
  cursor?: string | undefined
}

const aboutLength = 80
const stamp = (column: string): RawBuilder<string> =>
  sql`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** To others than its student it is as if there were none. */
export const unknownConversation = (id: string): PlatformError =>
  new PlatformError('NOT_FOUND', `there is no conversation ${id}`, {
    hint: 'GET /api/v1/conversations lists yours; POST /api/v1/conversations begins one.',
  })

/** Begins a conversation of a student. */
export async function beginConversation(db: Db, studentId: string): Promise<ConversationSummary> {
  const conversation_id = randomUUID()
  await db.insertInto('conversation').values({ conversation_id, student_id: studentId }).execute()
  const [begun] = await summaries(db, sql`conversation_id = ${conversation_id}`, 1)
  if (begun === undefined) throw unknownConversation(conversation_id)
  return begun
}

async function summaries(db: Db, where: RawBuilder<unknown>, limit: number): Promise<ConversationSummary[]> {
  const { rows } = await sql<ConversationSummary>`select conversation_id, ${stamp('started_at')} as started_at,
      ${stamp('last_at')} as last_at, turns, (select left(text, ${aboutLength}) from turn
        where turn.conversation_id = conversation.conversation_id and place = 1) as about
    from conversation where ${where} order by conversation.last_at desc, conversation_id desc limit ${limit}`.execute(
    db,
  )
  return rows
}

const ListCursor = z
  .string()
  .transform(text => text.split(' '))
  .pipe(z.tuple([z.iso.datetime(), z.uuid()]))

/** The conversations of a student, the one that something was said in last first. */
export async function conversationPage(db: Db, studentId: string, { limit, cursor }: Page): Promise<ConversationPage> {
  const rows = await summaries(db, sql`student_id = ${studentId} and ${after(cursor)}`, limit + 1)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    conversations: rows.slice(0, limit),
    next: last === undefined ? null : cursorOf(`${last.last_at} ${last.conversation_id}`),
  }
}

/** @throws INVALID_INPUT for a text that was not `next` of a page */
function after(cursor: string | undefined): RawBuilder<SqlBool> {
  if (cursor === undefined) return sql`true`
  const [at, id] = readCursor(cursor, ListCursor)
  return sql`(conversation.last_at, conversation_id) < (${at}::timestamptz, ${id}::uuid)`
}

const TurnCursor = z.string().regex(/^\d{1,9}$/)

/** A conversation of a student with a page of what was said, newest first. @throws NOT_FOUND, INVALID_INPUT */
export async function conversationView(
  db: Db,
  studentId: string,
  conversationId: string,
  { limit, cursor }: Page,
): Promise<ConversationView> {
  const [found] = await summaries(db, sql`conversation_id = ${conversationId} and student_id = ${studentId}`, 1)
  if (found === undefined) throw unknownConversation(conversationId)
  const before = cursor === undefined ? sql`true` : sql`place < ${Number(readCursor(cursor, TurnCursor))}`
  const { rows } = await sql<Turn>`select place, ${stamp('at')} as at, text, code, exercise_id,
      coalesce(request.agent, turn.agent) as agent, turn.request_id, status,
      coalesce(answer, result ->> 'text', result ->> 'hint', error ->> 'message') as answer
    from turn left join request using (request_id)
    where conversation_id = ${conversationId} and ${before} order by place desc limit ${limit + 1}`.execute(db)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { ...found, said: rows.slice(0, limit), next: last === undefined ? null : cursorOf(String(last.place)) }
}

/** A message to be kept; `agent` and `answer` are given where it was answered at once. */
export type NewTurn = Pick<Tables['turn'], 'text' | 'code' | 'exercise_id'> &
  Partial<Pick<Tables['turn'], 'request_id' | 'agent' | 'answer'>>

/** Adds a message to a conversation; messages that come at once get places in turn. @throws NOT_FOUND */
export async function keepTurn(
  trx: Transaction<Tables>,
  { conversationId, studentId }: { conversationId: string; studentId: string },
  turn: NewTurn,
): Promise<void> {
  const { rows } = await sql<{ place: number }>`update conversation set turns = turns + 1, last_at = clock_timestamp()
    where conversation_id = ${conversationId} and student_id = ${studentId} returning turns as place`.execute(trx)
  const [row] = rows
  if (row === undefined) throw unknownConversation(conversationId)
  await trx
    .insertInto('turn')
    .values({
      request_id: null,
      agent: null,
      answer: null,
      ...turn,
      conversation_id: conversationId,
      place: row.place,
    })
    .execute()
}
