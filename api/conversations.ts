import * as z from 'zod'
import { ConversationPage, ConversationSummary, ConversationView } from '../schemas/api-conversations.ts'
import { callerOf } from './auth.ts'
import type { App, Context } from './context.ts'
import { beginConversation, conversationPage, conversationView } from './conversation-rows.ts'
import { Paging } from './paging.ts'

/** The routes for one's own conversations; a message names its conversation when it is asked (`POST /api/v1/triage`). */
export function conversationRoutes(app: App, { ports }: Context): void {
  const tags = ['questions']
  app.post(
    '/api/v1/conversations',
    {
      schema: {
        tags,
        summary: 'Begin a conversation that keeps questions with its id',
        body: z.strictObject({}).nullish(),
        response: { 201: ConversationSummary },
      },
    },
    async (request, reply) => reply.code(201).send(await beginConversation(ports.history.db, callerOf(request).sub)),
  )
  app.get(
    '/api/v1/conversations',
    {
      schema: {
        tags,
        summary: 'Your conversations, the newest first',
        querystring: z.strictObject(Paging),
        response: { 200: ConversationPage },
      },
    },
    async request => conversationPage(ports.history.db, callerOf(request).sub, request.query),
  )
  app.get(
    '/api/v1/conversations/:id',
    {
      schema: {
        tags,
        summary: 'What was said in a conversation, newest first',
        params: z.object({ id: z.uuid() }),
        querystring: z.strictObject(Paging),
        response: { 200: ConversationView },
      },
    },
    async request => conversationView(ports.history.db, callerOf(request).sub, request.params.id, request.query),
  )
}
