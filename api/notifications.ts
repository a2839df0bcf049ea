import * as z from 'zod'
import { NotificationPage, SeenRequest, SeenResult } from '../schemas/api-notifications.ts'
import { callerOf } from './auth.ts'
import { type App, type Context, goneSignal } from './context.ts'
import { eventStreamType, sendEvents } from './events.ts'
import { notificationStream } from './notification-feed.ts'
import { markSeen, notificationPage, unseenOf } from './notification-rows.ts'
import { Paging } from './paging.ts'

const Query = z.strictObject({ ...Paging, unseen: z.stringbool().default(false) })

/** The routes for what a student or a teacher should know: a list, a stream of it, and what was seen. */
export function notificationRoutes(app: App, context: Context): void {
  const tags = ['notifications']
  const { history } = context.ports
  app.get(
    '/api/v1/notifications',
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'What is new for a student or a teacher; also as text/event-stream',
        querystring: Query,
        response: {
          200: {
            description: 'Newest first; as a stream: events `notification`, each a notification',
            content: {
              'application/json': { schema: NotificationPage },
              [eventStreamType]: { schema: z.unknown().meta({ type: 'string' }) },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      if (!(request.headers.accept ?? '').includes(eventStreamType))
        return notificationPage(history.db, caller, request.query)
      const events = notificationStream(() => context.ports.history, caller, goneSignal(reply, context.closing))
      return sendEvents(reply, events)
    },
  )
  app.post(
    '/api/v1/notifications/seen',
    {
      schema: {
        tags,
        summary: 'Mark notifications as seen, or as unseen again',
        body: SeenRequest,
        response: { 200: SeenResult },
      },
    },
    async request => {
      const caller = callerOf(request)
      const { ids, seen } = request.body
      const changed = await markSeen(history.db, caller, ids, seen)
      return { changed, unseen: await unseenOf(history.db, caller) }
    },
  )
}
