import { sql } from 'kysely'
import * as z from 'zod'
import { RequestState } from '../schemas/api.ts'
import { idempotencyHash } from '../schemas/cloud-event.ts'
import { PlatformError } from '../platform/errors.ts'
import { type Caller, callerOf } from './auth.ts'
import { type App, type Context, goneSignal } from './context.ts'
import { eventsAfter, eventStream, eventStreamType, sendEvents } from './events.ts'
import { waitAsPreferred } from './prefer.ts'
import { requestFor, type RequestRow, stateOf } from './state.ts'
import { isFinal } from './watch.ts'

const Id = z.object({ id: z.uuid() })
const LastEventId = z.object({
  'last-event-id': z
    .string()
    // An EventSource that has seen no event yet may send it empty.
    .regex(/^(?:\d{1,18})?$/, 'must be the id of an event')
    .optional(),
})

/** The routes that show a request, cancel it, and stream its events. */
export function requestRoutes(app: App, context: Context): void {
  const about = { tags: ['requests'], params: Id }
  const show = async (caller: Caller, row: RequestRow): Promise<z.infer<typeof RequestState>> =>
    stateOf(context.ports.history.db, row, caller)
  app.get(
    '/api/v1/requests/:id',
    {
      schema: {
        ...about,
        summary: 'What became of a request',
        headers: z.object({ prefer: z.string().optional() }),
        response: { 200: RequestState },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const row = await requestFor(context.ports.history.db, caller, request.params.id)
      const ended = await waitAsPreferred(context, request, reply, row.request_id)
      return show(caller, ended ? await requestFor(context.ports.history.db, caller, row.request_id) : row)
    },
  )
  app.delete(
    '/api/v1/requests/:id',
    {
      config: { problems: [409] },
      schema: { ...about, summary: 'Cancel a request that is not done', response: { 200: RequestState } },
    },
    async request => {
      const caller = callerOf(request)
      await cancel(context, await requestFor(context.ports.history.db, caller, request.params.id))
      context.watcher.notify()
      return show(caller, await requestFor(context.ports.history.db, caller, request.params.id))
    },
  )
  app.get(
    '/api/v1/requests/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        ...about,
        summary: 'Hear of a request as it happens (server-sent events)',
        headers: LastEventId,
        response: {
          200: {
            description:
              'Events `queued`, `position`, `working`, `done`, `failed`, `cancelled`; 204 when there will be none',
            content: { [eventStreamType]: { schema: z.unknown().meta({ type: 'string' }) } },
          },
          204: z.undefined(),
        },
      },
    },
    async (request, reply) => {
      const { ports, watcher, closing } = context
      const row = await requestFor(ports.history.db, callerOf(request), request.params.id)
      const after = request.headers['last-event-id'] || '0'
      // 204 tells an EventSource that reconnects after the end to stop.
      if (isFinal(row.status) && (await eventsAfter(ports.history, row.request_id, after)).length === 0)
        return reply.code(204).send()
      return sendEvents(
        reply,
        eventStream(() => ports.history, watcher, {
          requestId: row.request_id,
          after,
          signal: goneSignal(reply, closing),
        }),
      )
    },
  )
}

/**
 * Ends a queued or running request: its event is no longer handled, and the result of a worker is not stored.
 * Cancelling again changes nothing.
 * @throws CONFLICT when it has ended otherwise.
 */
async function cancel({ ports }: Context, { request_id, kind }: RequestRow): Promise<void> {
  await ports.history.transaction(async trx => {
    const now = await trx
      .selectFrom('request')
      .select('status')
      .where('request_id', '=', request_id)
      .forUpdate()
      .executeTakeFirst()
    if (now === undefined || now.status === 'cancelled') return
    if (now.status !== 'queued' && now.status !== 'working')
      throw new PlatformError('CONFLICT', `the request is ${now.status} already`, { hint: 'GET it for the result.' })
    await trx
      .updateTable('request')
      .set({ status: 'cancelled', finished_at: sql<Date>`now()` })
      .where('request_id', '=', request_id)
      .execute()
    await trx.insertInto('request_event').values({ request_id, type: 'cancelled', data: '{}' }).execute()
    const submission =
      kind === 'submission'
        ? await trx
            .selectFrom('submission')
            .select('exercise_version')
            .where('submission_id', '=', request_id)
            .executeTakeFirst()
        : undefined
    const keys =
      submission === undefined
        ? [idempotencyHash('question.routed', request_id), idempotencyHash('question.asked', request_id)]
        : [idempotencyHash('submission.received', request_id, submission.exercise_version)]
    await trx
      .updateTable('inbox')
      .set({ state: 'cancelled', finished_at: sql<Date>`now()` })
      .where('idempotencykey', 'in', keys)
      .where('state', '=', 'queued')
      .execute()
  })
}
