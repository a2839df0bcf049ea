import type * as z from 'zod'
import type { ApiClient } from '../../api/client.ts'
import { refusalOf } from '../../api/client.ts'
import type { TriageResult } from '../../schemas/api.ts'
import { ConversationPage, ConversationSummary } from '../../schemas/api-conversations.ts'
import type { Failure } from '../definition.ts'
import { outcome } from './outcome.ts'

/** What became of a message: `text` for people, the data, and a failure where its agent is not deployed. */
export interface Said {
  text: string
  data: z.infer<typeof TriageResult> | { agent: string; result: unknown }
  /** False for what was only told, such as where to find help. */
  asked: boolean
  failure?: Failure
}

/** The caller's newest conversation; undefined before the first. */
export async function lastConversation(client: ApiClient): Promise<ConversationSummary | undefined> {
  const reply = await client.raw('GET', '/api/v1/conversations?limit=1')
  if (reply.status >= 400) throw refusalOf(reply)
  return ConversationPage.parse(reply.body).conversations[0]
}

/** A new conversation of the caller's. */
export async function newConversation(client: ApiClient): Promise<ConversationSummary> {
  const reply = await client.raw('POST', '/api/v1/conversations', { body: {} })
  if (reply.status >= 400) throw refusalOf(reply)
  return ConversationSummary.parse(reply.body)
}

/** Says something in a conversation and waits for its answer. @throws what the API refuses with, IN_FLIGHT */
export async function say(
  client: ApiClient,
  conversationId: string,
  { text, code }: { text: string; code: string | null },
): Promise<Said> {
  const reply = await client.ask(text, code, conversationId)
  if ('route' in reply) return routed(reply)
  const { agent, result } = 'result' in reply ? reply : await outcome(client, reply.request_id)
  return { text: `${agent}: ${textOf(result)}`, data: { agent, result }, asked: true }
}

/** What an agent answered, as text; a hint says which of the four it is. */
function textOf(result: unknown): string {
  const { text, level } = (result ?? {}) as { text?: unknown; level?: unknown }
  if (typeof text !== 'string') return JSON.stringify(result)
  return typeof level === 'number' ? `hint ${level} of 4: ${text}` : text
}

/** Where it was routed; when that agent is not deployed it is a failure. */
function routed(reply: z.infer<typeof TriageResult>): Said {
  const { route, hint, code, answer } = reply
  if (answer !== null) return { text: answer, data: reply, asked: false }
  if (route === null || route.agent === null) return { text: hint, data: reply, asked: true }
  const facts = `${route.agent}, ${route.intent} ${route.confidence.toFixed(2)}`
  const absent = code === 'AGENT_ABSENT' ? { failure: { code, message: facts, hint } as const } : {}
  return { text: `${facts}: ${hint}`, data: reply, asked: true, ...absent }
}
