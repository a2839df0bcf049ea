import { createHash } from 'node:crypto'
import { type Channel, channel, tracingChannel } from 'node:diagnostics_channel'
import { LearningEvent } from '../schemas/learning-event.ts'
import type { Logger } from 'pino'
import { traceIdOf } from '../schemas/cloud-event.ts'
import type { Message } from './ports/event-log.ts'
import type { PythonRun } from './ports/sandbox.ts'

/**
 * The message of a step. `student` is the lane and the key of the record; the ids are absent when the record is not one
 * of our events.
 */
export interface StepMessage {
  student: string
  event_id?: string
  /** The submission or question that it belongs to. */
  request_id?: string
  traceparent?: string
  /** The agent that reads the event or works on it. */
  consumer?: string
}

/** An event under a claim, as the worker holds it. */
interface ClaimedEvent {
  consumer: string
  event: LearningEvent
}

const ofRequest = (message: StepMessage & { request_id: string; traceparent: string }): StepMessage => message

function ofEvent(event: LearningEvent, consumer?: string): StepMessage {
  const { submission_id, request_id = submission_id } = event.data as { submission_id?: string; request_id?: string }
  return {
    student: event.subject,
    event_id: event.id,
    ...(request_id === undefined ? {} : { request_id }),
    traceparent: event.traceparent,
    ...(consumer === undefined ? {} : { consumer }),
  }
}

/** The message of a step or span for an event under a claim. */
export const ofItem = ({ event, consumer }: ClaimedEvent): StepMessage => ofEvent(event, consumer)

function ofRecord({ key, value }: Message, consumer?: string): StepMessage {
  const event = eventIn(value)
  return event === undefined
    ? { student: key, ...(consumer === undefined ? {} : { consumer }) }
    : { ...ofEvent(event, consumer), student: key }
}

/**
 * The event that a record holds; undefined when it holds something else, which the worker will send to the dead
 * letters.
 */
function eventIn(value: string): LearningEvent | undefined {
  try {
    return LearningEvent.safeParse(JSON.parse(value)).data
  } catch {
    return undefined
  }
}

/**
 * Every step of an event, in the order in which a submission passes them, with the function that makes its message. The
 * step `worker:claimed` is published on the channel `learnflow:worker:claimed` of `node:diagnostics_channel`.
 * Subscribers run synchronously, before the code continues.
 */
const messages = {
  /** The API has committed a request and its event. */
  'api:accepted': ofRequest,
  /** The relay has read the event from the outbox. */
  'relay:read': ofRecord,
  /** The event log has acknowledged it; it is still in the outbox. */
  'relay:published': ofRecord,
  /** The event is deleted from the outbox. */
  'relay:removed': ofRecord,
  /** A driver has received a record: the embedded log, Kafka's client, or Dapr's sidecar. */
  'embedded:taken': ofRecord,
  'kafka:taken': ofRecord,
  'dapr:taken': ofRecord,
  /** The record is about to be passed to the handler of its group. */
  'record:given': ofRecord,
  /** The worker has parsed it as an event that its agent consumes. */
  'worker:parsed': ofEvent,
  /** The event is committed to the inbox, and the worker has not been woken for it yet. */
  'worker:received': ofEvent,
  /** The handler has returned. */
  'record:handled': ofRecord,
  /** The record is handled, but the log has not stored that yet. */
  'embedded:handled': ofRecord,
  'kafka:handled': ofRecord,
  'dapr:handled': ofRecord,
  /** The lane is claimed, and nothing has been done under the claim. */
  'worker:claimed': ofItem,
  /** The claim is being renewed; how often the event was claimed has not been checked yet. */
  'worker:started': ofItem,
  /** The request is shown as being worked on. */
  'worker:begun': ofItem,
  /** The agent has found the exercise of a submission. */
  'exercise:found': ofEvent,
  /** The program has been run and judged. */
  'exercise:judged': ofEvent,
  /** The event that announces the grade has been made. */
  'exercise:told': ofEvent,
  /** The agent has returned its outcome; no transaction is open. */
  'worker:worked': ofItem,
  /** In the transaction: the lane is locked and the claim is the newest. */
  'outcome:fenced': ofItem,
  /** In the transaction: nothing of the outcome is written. */
  'outcome:writing': ofItem,
  /** In the transaction: what the agent stores is written, its events are not. */
  'outcome:written': ofItem,
  /** In the transaction: the events are in the outbox. */
  'outcome:enqueued': ofItem,
  /** In the transaction: the event is done in the inbox, and the lane is still held. */
  'outcome:finished': ofItem,
  /** The transaction is committed, and nothing has followed it. */
  'outcome:committed': ofItem,
  /** What follows the commit is done, and the relay has not been notified of new events yet. */
  'worker:finished': ofItem,
} as const satisfies Record<string, (...source: never[]) => StepMessage>

export type StepName = keyof typeof messages

/** All steps, in order. */
export const stepNames = Object.keys(messages) as StepName[]

const channelOf = (step: StepName): string => `learnflow:${step}`
// Held in a variable because Node drops channels that nothing refers to.
const channels = Object.fromEntries(stepNames.map(step => [step, channel(channelOf(step))])) as Record<
  StepName,
  Channel
>

/** Publishes a step. Its message is built only when there is a subscriber. */
export function passStep<Name extends StepName>(step: Name, ...source: Parameters<(typeof messages)[Name]>): void {
  const named = channels[step]
  if (named.hasSubscribers) named.publish((messages[step] as (...source: unknown[]) => StepMessage)(...source))
}

/** The fields by which every log line names the work it belongs to. */
export const logKeys = ({ student, request_id, traceparent, consumer }: StepMessage): Record<string, unknown> => ({
  consumer,
  // Logs outlive the student that they are about, so they hold no id.
  lane: createHash('sha256').update(student).digest('hex').slice(0, 12),
  trace_id: traceparent === undefined ? undefined : traceIdOf(traceparent),
  request_id,
})

/** The same fields for a record, which need not hold one of our events. */
export const logKeysOfRecord = (record: Message, consumer?: string): Record<string, unknown> =>
  logKeys(ofRecord(record, consumer))

/** Logs every step at the level `debug`, if the logger's level includes it; at other levels the steps cost nothing. */
export function logSteps(logger: Logger): Disposable {
  const stack = new DisposableStack()
  if (logger.isLevelEnabled('debug'))
    for (const step of stepNames) stack.use(onStep(step, message => logger.debug(logKeys(message), step)))
  return stack
}

/** Calls `listener` with each message of a step until it is disposed. */
export function onStep(step: StepName, listener: (message: StepMessage) => void): Disposable {
  const hear = (message: unknown): void => listener(message as StepMessage)
  channels[step].subscribe(hear)
  return {
    [Symbol.dispose]() {
      channels[step].unsubscribe(hear)
    },
  }
}

/**
 * Operations that take time: one item of a worker, one batch that is published, one interpreter until it is ready, one
 * program that is run.
 */
export interface Spans {
  'worker:work': StepMessage
  'log:publish': { topic: string; messages: number }
  /**
   * A fault seam, where `verify` injects faults: a subscriber to the start may change the memory, the beginning of the
   * command line, and additional arguments for Node.
   */
  'sandbox:start': { megabytes: number; command: readonly string[]; nodeArguments: readonly string[] }
  /**
   * A fault seam, where `verify` injects faults: a subscriber to the start may change `job`. It holds the student's
   * program, so it must not leave the process.
   */
  'sandbox:run': { job: PythonRun }
}

const spans = {
  'worker:work': tracingChannel('learnflow:worker:work'),
  'log:publish': tracingChannel('learnflow:log:publish'),
  'sandbox:start': tracingChannel('learnflow:sandbox:start'),
  'sandbox:run': tracingChannel('learnflow:sandbox:run'),
} as const satisfies Record<keyof Spans, unknown>

/**
 * Runs `work` between the start and the end of a span: `tracing:learnflow:NAME:start`, `:asyncEnd` and `:error` of
 * `node:diagnostics_channel`, all with the same message, which is built even without subscribers.
 */
export async function within<Name extends keyof Spans, Result>(
  span: Name,
  message: Spans[Name],
  work: () => Promise<Result>,
): Promise<Result> {
  return spans[span].tracePromise(work, message)
}

/** Calls `listener` at the start of each span of this name, until the process ends. */
export function onStart<Name extends keyof Spans>(span: Name, listener: (message: Spans[Name]) => void): void {
  spans[span].start.subscribe(message => listener(message as Spans[Name]))
}
