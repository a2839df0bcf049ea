import type { Logger } from 'pino'
import type { AgentDefinition } from '../agents/agent.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { receivedEvent } from '../api/accept.ts'
import { startRepeating } from './repeat.ts'
import { findUndelivered, type Undelivered } from '../platform/log/undelivered.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import type { StateStore } from '../platform/ports/state-store.ts'
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
  if (lost.length === 0) return []
  await history.transaction(async trx => enqueueEvents(trx, lost.map(eventOf)))
  const ids = lost.map(({ request_id: id }) => id)
  for (const id of ids) recent.set(id, performance.now())
  logger.error({ requests: ids.length, request_id: ids[0] }, 'the log lost accepted requests: published again')
  return ids
}

const eventOf = (row: Undelivered): LearningEvent =>
  row.event === null
    ? receivedEvent(row.student_id, { submission_id: row.request_id, ...row.submission }, row.traceparent)
    : row.event

/** Lets each agent do what it committed to and could not finish, for example writing to a state store that was down. */
export async function catchUp(
  agents: readonly AgentDefinition[],
  { history, state, logger }: { history: History; state: StateStore; logger: Logger },
): Promise<void> {
  for (const { name: agent, catchUp: finish } of agents) {
    const done = (await finish?.({ history, state })) ?? 0
    if (done > 0) logger.info({ agent, done }, 'caught up with what was stored and not finished')
  }
}

/** Reconciles every 20 s until it is disposed; `notify` tells the relay that there is something to publish. */
export function startReconciler(
  ports: ReconcilerPorts & { state: StateStore },
  agents: readonly AgentDefinition[],
  notify: () => void,
): AsyncDisposable {
  const { logger } = ports
  const recent = new Map<string, number>()
  return startRepeating(pollMs, async () => {
    await reconcile(ports, recent).then(
      ids => void (ids.length > 0 && notify()),
      (error: unknown) => logger.warn({ err: error }, 'lost requests will be looked for again'),
    )
    await catchUp(agents, ports).catch((error: unknown) =>
      logger.warn({ err: error }, 'what is not finished will be tried again'),
    )
  })
}
