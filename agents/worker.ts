import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { learningEvents } from '../schemas/topics.ts'
import { hasCode, isRetryable, PlatformError } from '../platform/errors.ts'
import type { EventLog, LogRecord } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import type { Model } from '../platform/ports/model.ts'
import { logKeys, ofItem, passStep, within } from '../platform/steps.ts'
import { type AgentDefinition, type AgentPorts, type Handler, isFor, type Outcome } from './agent.ts'
import { wakeableSleep } from './wakeable-sleep.ts'
import { claim, type Item, renew } from './lanes.ts'
import { receive } from '../platform/history/inbox.ts'
import { begin, giveUp, store, tryLater, waitForRoom } from './outcome.ts'
import { eventOf } from '../platform/log/event-of-record.ts'
import { reworded } from './wording/reword.ts'

const pollMs = 500
/** The maximum of attempts after retryable failures, before the item becomes a dead letter. */
const maxTries = 5
/** An item whose worker died this often without storing a failure is taken to be what kills the worker. */
const maxClaims = 25

export interface WorkerPorts extends AgentPorts {
  history: History
  log: EventLog
  /** Words answers; undefined where there is none. */
  model: Model | undefined
  logger: Logger
}

export interface WorkerOptions {
  leaseSeconds: number
  /** Called after each commit that left something in the outbox. */
  notify: () => void
}

export interface Worker extends AsyncDisposable {
  /** The number of items being worked on. */
  busy(): number
}

/**
 * Runs one agent in three steps: persist, acknowledge, work. Events are stored in its inbox before they are
 * acknowledged; then the holder of each student's lane works on it in order. Disposing drains: it claims nothing new,
 * finishes the items in hand, and then leaves the group.
 */
export async function startWorker(
  agent: AgentDefinition,
  ports: WorkerPorts,
  { leaseSeconds, notify }: WorkerOptions,
): Promise<Worker> {
  const { history, log, logger } = ports
  const owner = `${agent.name}-${randomUUID()}`
  const notifier = wakeableSleep(pollMs)
  const inHand = new Set<Promise<void>>()
  const stopping = new AbortController()

  const handleAll = async (records: readonly LogRecord[]): Promise<void> => {
    const own = records.map(record => ({ event: eventOf(record), record })).filter(({ event }) => isFor(agent, event))
    if (own.length === 0) return
    for (const { event } of own) passStep('worker:parsed', event, agent.name)
    await receive(history, agent.name, own)
    for (const { event } of own) passStep('worker:received', event, agent.name)
    notifier.notify()
  }
  const work = async (item: Item): Promise<void> => {
    await within('worker:work', ofItem(item), async () => workOn(agent, item, ports, leaseSeconds))
    passStep('worker:finished', item)
    notify()
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const room = agent.concurrency - inHand.size
      const items =
        room === 0
          ? []
          : await claim(history, agent.name, owner, room, leaseSeconds).catch(
              (error: unknown) => (logger.warn({ err: error }, 'no claim now'), []),
            )
      for (const item of items) {
        passStep('worker:claimed', item)
        const task = work(item)
          .catch((error: unknown) =>
            logger.warn({ err: error, ...logKeys(ofItem(item)) }, 'the item comes again when its lease ends'),
          )
          .finally(() => (inHand.delete(task), notifier.notify()))
        inHand.add(task)
      }
      if (items.length === 0 || items.length === room) await notifier.wait()
    }
  }
  const running = run()
  const subscription = await log
    .subscribe({
      topic: learningEvents.name,
      group: agent.name,
      handle: async record => handleAll([record]),
      handleAll,
    })
    .catch(async (error: unknown) => {
      // A worker that lost its place in the group finishes what it already claimed and claims nothing more.
      stopping.abort()
      notifier.notify()
      await running
      await Promise.all(inHand)
      throw error
    })
  return {
    busy: () => inHand.size,
    async [Symbol.asyncDispose]() {
      // First of all, so that nothing more is claimed while the group is being left.
      stopping.abort()
      notifier.notify()
      await subscription[Symbol.asyncDispose]()
      await running
      await Promise.all(inHand)
    },
  }
}

/**
 * Works on one item under its claim, which is renewed meanwhile. The outcome is stored only if the fence is still the
 * newest.
 */
async function workOn(agent: AgentDefinition, item: Item, ports: WorkerPorts, leaseSeconds: number): Promise<void> {
  const renewal = setInterval(
    () =>
      void renew(ports.history, item, leaseSeconds).catch((error: unknown) =>
        ports.logger.warn({ err: error, ...logKeys(ofItem(item)) }, 'a claim was not renewed'),
      ),
    (leaseSeconds * 1_000) / 3,
  )
  try {
    passStep('worker:started', item)
    if (item.claims > maxClaims) return await giveUp(ports.history, item, poisonError(item))
    const begun = await begin(ports.history, item)
    if (begun === 'unknown') return await giveUp(ports.history, item, unknownRequest(item))
    if (begun === 'over') return
    passStep('worker:begun', item)
    const failure = await tryItem(agent, item, ports)
    if (failure !== undefined) await fail(item, failure, ports)
  } catch (error) {
    if (!isLeaseLost(error)) throw error
    ports.logger.info(logKeys(ofItem(item)), error.message)
  } finally {
    clearInterval(renewal)
  }
}

const poisonError = (item: Item): PlatformError =>
  new PlatformError('INTERNAL', `its worker died ${item.claims - 1} times over this event`, {
    hint: 'See the log of the platform for how it died, fix that, then replay the dead letters.',
  })

const unknownRequest = ({ event: { type, subject } }: Item): PlatformError =>
  new PlatformError('NOT_FOUND', `the history has no request for this ${type} of ${subject}`, {
    hint: 'It is forged, or was accepted after the backup that was restored; find out which, then discard it.',
  })

const isLeaseLost = (error: unknown): error is PlatformError =>
  error instanceof PlatformError && error.code === 'LEASE_LOST'

/**
 * Handles the event and stores the outcome, or returns the failure. An outcome that the history refuses is a failure
 * like any other.
 * @throws LEASE_LOST
 */
async function tryItem(agent: AgentDefinition, item: Item, ports: WorkerPorts): Promise<Error | undefined> {
  const handler = agent.consumes[item.event.type] as Handler<LearningEvent['type']> | undefined
  try {
    const outcome = handler === undefined ? {} : await reworded(await handler(item.event, ports), item.event, ports)
    passStep('worker:worked', item)
    if (await store(ports.history, item, outcome)) await follow(outcome, item, ports)
    return undefined
  } catch (error) {
    if (isLeaseLost(error)) throw error
    return error instanceof Error ? error : new Error(String(error))
  }
}

/**
 * Runs `afterwards`, which is not part of the commit: a failure is logged, and the agent catches up later from the
 * history.
 */
async function follow({ afterwards }: Outcome, item: Item, { logger }: WorkerPorts): Promise<void> {
  passStep('outcome:committed', item)
  await afterwards?.().catch((error: unknown) =>
    logger.warn({ err: error, ...logKeys(ofItem(item)) }, 'stored, but not written to the state store'),
  )
}

async function fail(item: Item, error: Error, { history, logger }: WorkerPorts): Promise<void> {
  logger.warn({ err: error, ...logKeys(ofItem(item)), attempt: item.attempts + 1 }, 'an item failed')
  if (hasCode(error, 'TOO_MANY_REQUESTS', 'STORAGE_FULL')) await waitForRoom(history, item, error)
  else if (isRetryable(error) && item.attempts + 1 < maxTries) await tryLater(history, item, error)
  else await giveUp(history, item, error)
}
