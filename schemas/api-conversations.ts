import * as z from 'zod'
import { agentNames, ExerciseId, Message, Program } from './words.ts'

/** A conversation of the caller's; `about` is how its first message begins, null before there is one. */
export const ConversationSummary = z.object({
  conversation_id: z.uuid(),
  started_at: z.iso.datetime(),
  last_at: z.iso.datetime(),
  turns: z.number().int(),
  about: z.string().nullable(),
})
export type ConversationSummary = z.infer<typeof ConversationSummary>
export const ConversationPage = z.object({
  conversations: z.array(ConversationSummary),
  next: z.string().nullable(),
})
export type ConversationPage = z.infer<typeof ConversationPage>

/**
 * One message and its answer. `place` counts from 1. `answer` is null until there is one; a `request_id` names the request
 * that holds all of it, and its `status`; both are null for what was answered at once.
 */
export const Turn = z.object({
  place: z.number().int().min(1),
  at: z.iso.datetime(),
  text: Message,
  code: Program.nullable(),
  exercise_id: ExerciseId.nullable(),
  agent: z.enum(agentNames).nullable(),
  request_id: z.uuid().nullable(),
  status: z.enum(['queued', 'working', 'done', 'cancelled', 'failed']).nullable(),
  answer: z.string().nullable(),
})
export type Turn = z.infer<typeof Turn>
/** A conversation with a page of its turns, newest first. */
export const ConversationView = ConversationSummary.extend({ said: z.array(Turn), next: z.string().nullable() })
export type ConversationView = z.infer<typeof ConversationView>
