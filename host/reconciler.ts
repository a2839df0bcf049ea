import type { Logger } from 'pino'
import { enqueueEvents } from '../agents/outbox.ts'
import { receivedEvent } from '../api/accept.ts'
import { startRepeating } from './repeat.ts'
import { findUndelivered, type Undelivered } from '../platform/log/undelivered.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import type { LearningEvent } from '../schemas/learning-event.ts'

const pollMs = 20_000
/** In ms: what was published again needs some time to arrive before it counts as lost once more. */
const againMs = 60_000

interface ReconcilerPorts {
  history: History
  log: Pick<EventLog, 'lag'>
  logger: Logger
}

/**
 * Publishes again what was accepted and then lost by the log, whatever the cause: the history is the truth. An event
 * that arrives twice is handled once, because it keeps its business key. `recent` holds when each request was last
 * published again. Returns the ids of those published now.
 * @throws DEPENDENCY_DOWN when the log or the history does not answer.
 */
export async function reconcile(
  { history, log, logger }: ReconcilerPorts,
  recent: Map<string, number> = new Map(),
): Promise<string[]> {
  for (const [id, at] of recent) if (performance.now() - at > againMs) recent.delete(id)
  const lost = (await findUndelivered(history, log)).filter(({ request_id: id }) => !recent.has(id))
  const events = lost.flatMap(row => {
    const event = eventOf(row)
    return event === undefined ? [] : [{ id: row.request_id, event }]
  })
  if (events.length === 0) return []
  await history.transaction(async trx =>
    enqueueEvents(
      trx,
      events.map(({ event }) => event),
    ),
  )
  for (const { id } of events) recent.set(id, performance.now())
  logger.error(
    { requests: events.length, request_id: events[0]?.id },
    'the log lost accepted requests: published again',
  )
  return events.map(({ id }) => id)
}

/** Undefined for a question that was accepted before questions were kept. */
const eventOf = ({ request_id, student_id, event, submission, traceparent }: Undelivered): LearningEvent | undefined =>
  submission === null
    ? (event ?? undefined)
    : receivedEvent(student_id, { submission_id: request_id, ...submission }, traceparent)

/** Reconciles every 20 s until it is disposed; `notify` tells the relay that there is something to publish. */
export function startReconciler(ports: ReconcilerPorts, notify: () => void): AsyncDisposable {
  const recent = new Map<string, number>()
  return startRepeating(pollMs, async () =>
    reconcile(ports, recent).then(
      ids => void (ids.length > 0 && notify()),
      (error: unknown) => ports.logger.warn({ err: error }, 'lost requests will be looked for again'),
    ),
  )
}
