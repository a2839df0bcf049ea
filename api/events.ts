import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { History } from '../platform/ports/history.ts'
import { wakeableSleep } from '../agents/wakeable-sleep.ts'
import { isFinal, type RequestProgress, type Watcher } from './watch.ts'

const heartbeatMs = 15_000

/** A stored event of a request. */
export interface StoredEvent {
  event_id: string
  type: string
  data: unknown
}

/** The events of a request after the event `after`. */
export async function eventsAfter(
  { db }: Pick<History, 'db'>,
  requestId: string,
  after: string,
): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('request_event')
    .select(['event_id', 'type', 'data'])
    .where('request_id', '=', requestId)
    .where('event_id', '>', after)
    .orderBy('event_id')
    .execute()
  return rows.map(row => ({ ...row, event_id: String(row.event_id) }))
}

/**
 * One event in the text format of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export const frame = ({ event_id, type, data }: Partial<StoredEvent>): string =>
  `${event_id === undefined ? '' : `id: ${event_id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`

/** The media type of a stream of server-sent events. */
export const eventStreamType = 'text/event-stream'

/** Sends frames as they come; no cache and no proxy may hold them back. */
export const sendEvents = (reply: FastifyReply, frames: AsyncIterable<string>): FastifyReply =>
  reply
    .type(eventStreamType)
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(frames))

/**
 * The event stream of one request: first the stored events after `after`, then new ones, with its position in the queue
 * when that changes and a comment every 15 s. It ends after a batch that ends the request, or when `signal` is aborted.
 */
export async function* eventStream(
  history: () => History,
  watcher: Watcher,
  { requestId, after, signal }: { requestId: string; after: string; signal: AbortSignal },
): AsyncGenerator<string> {
  let seen: RequestProgress = { event: '0', type: '', position: null }
  let [last, position, saidAt] = [after, seen.position, performance.now()]
  const notifier = wakeableSleep(heartbeatMs)
  signal.addEventListener('abort', notifier.notify, { once: true })
  using _watch = watcher.watch(requestId, progress => ((seen = progress), notifier.notify()))
  yield ': open\n\n'
  while (!signal.aborted) {
    const frames: string[] = []
    const events =
      seen.event === '0' || BigInt(seen.event) > BigInt(last) ? await eventsAfter(history(), requestId, last) : []
    frames.push(...events.map(frame))
    const newest = events.at(-1)
    last = newest?.event_id ?? last
    if (seen.position !== null && seen.position !== position)
      frames.push(frame({ type: 'position', data: { position: seen.position } }))
    position = seen.position
    if (frames.length === 0 && performance.now() - saidAt >= heartbeatMs) frames.push(': still here\n\n')
    if (frames.length > 0) {
      yield frames.join('')
      saidAt = performance.now()
    }
    if (newest !== undefined && isFinal(newest.type)) return
    await notifier.wait()
  }
}
