import { Kafka, logLevel } from 'kafkajs'
import type { Logger } from 'pino'
import * as z from 'zod'
import { deliveryDeps } from '../../log/delivery-deps.ts'
import { deliverAll, type Deps } from '../../log/deliver.ts'
import { PlatformError } from '../../errors.ts'
import type { EventLog, LogRecord, Message, SubscribeOptions, Subscription } from '../../ports/event-log.ts'
import { passStep, within } from '../../steps.ts'
import type { KafkaSecurity } from '../direct/access.ts'
import { kafkaAdmin } from '../direct/kafka-admin.ts'
import type { App, AppRoute } from './app.ts'
import { CatchUp, type CatchUpOptions } from './catch-up.ts'
import { daprPublisher } from './publisher.ts'
import { openSidecar } from './sidecar.ts'
import { guardSubscription } from './subscription-guard.ts'

export interface DaprLogOptions {
  httpPort: number
  /** The app that the sidecar delivers to. */
  app: App
  /** For operations that Dapr does not offer: topics, lag, reading, dead letters. */
  brokers: readonly string[]
  security?: KafkaSecurity
  /** The deadline of a request, and how long a message is sent again before its sender gets an error. */
  seconds: number
  /** How often the handled offsets are stored, in ms; default 1,000. */
  catchUpMs?: number
  logger: Pick<Logger, 'warn'>
}

/**
 * The log through Dapr pub/sub: publishing and delivery go through the sidecar, operators' requests go to Kafka
 * directly. The sidecar's subscriptions are in `manifests/dapr/subscriptions` and its consumer group is its app id;
 * `subscribe` sets the handler of what it delivers.
 */
export function daprLog({
  httpPort,
  app,
  brokers,
  security = {},
  seconds,
  catchUpMs,
  logger,
}: DaprLogOptions): EventLog {
  const kafka = new Kafka({
    clientId: 'learnflow',
    brokers: [...brokers],
    ...security,
    connectionTimeout: 1_000,
    requestTimeout: seconds * 1_000,
    retry: { retries: 1, initialRetryTime: 100 },
    logLevel: logLevel.NOTHING,
  })
  const { partitions, commit, close, ...questions } = kafkaAdmin(kafka, {
    clientId: 'learnflow',
    brokers,
    security,
    seconds,
  })
  const sidecar = openSidecar(httpPort)
  const publisher = daprPublisher(sidecar, seconds)
  const publish = async (topic: string, messages: readonly Message[]): Promise<void> => {
    if (messages.length === 0) return
    const among = await partitions(topic)
    await within('log:publish', { topic, messages: messages.length }, async () =>
      publisher.send(topic, messages, among),
    )
  }
  const deps = deliveryDeps(publish, logger)
  const source = {
    log: { lag: questions.lag, read: questions.read, commit },
    report: deps.report,
    ...(catchUpMs === undefined ? {} : { everyMs: catchUpMs }),
  }
  const members = new Set<AsyncDisposable>()
  return {
    ...questions,
    publish,
    async subscribe(options) {
      // A subscription to a missing topic would silently deliver nothing.
      await partitions(options.topic)
      const member = await receive(app, options, deps, source)
      const guard = guardSubscription({
        members: async () => questions.members(options.topic, options.group),
        sidecar,
        report: deps.report,
      })
      const guarded = {
        assigned: member.assigned,
        async [Symbol.asyncDispose]() {
          guard[Symbol.dispose]()
          await member[Symbol.asyncDispose]()
        },
      }
      members.add(guarded)
      return guarded
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...members].map(async member => member[Symbol.asyncDispose]()))
      await close()
    },
  }
}

/** A delivery with `rawPayload`: Dapr wraps the bytes and puts their position into headers. */
const Delivery = z.object({ data_base64: z.base64() })
const RecordPosition = z.object({
  __key: z.string().default(''),
  __partition: z.string().regex(/^\d+$/),
  __offset: z.string().regex(/^\d+$/),
})

async function receive(
  app: App,
  options: SubscribeOptions,
  deps: Deps,
  source: Omit<CatchUpOptions, 'topic' | 'group' | 'handle' | 'together'>,
): Promise<Subscription> {
  const { topic, group } = options
  const path = `/events/${topic}`
  const stopping = new AbortController()
  const handle: CatchUpOptions['handle'] = async (records, handled) =>
    deliverAll(records, options, deps, stopping.signal, handled)
  const together = options.handleAll !== undefined
  const catchUp = await CatchUp.start({ topic, group, handle, together, ...source })
  const seen = new Set<number>()
  const route: AppRoute = async (body, headers) => {
    // Left unanswered, because Dapr would resend the message to an app that is leaving.
    if (stopping.signal.aborted) return undefined
    const record = parseDelivery(topic, body, headers)
    seen.add(record.partition)
    try {
      passStep('dapr:taken', record, group)
      await catchUp.take(record)
      passStep('dapr:handled', record, group)
      return { status: 200, body: { status: 'SUCCESS' } }
    } catch (error) {
      if (stopping.signal.aborted) return undefined
      throw error
    }
  }
  app.route(path, route)
  app.ready()
  let left: Promise<void> | undefined
  return {
    /** Dapr does not report the partitions it holds, so these are the ones it has delivered from. */
    assigned: () => [...seen].toSorted((one, other) => one - other),
    [Symbol.asyncDispose]: async () => {
      left ??= (async () => {
        stopping.abort()
        await catchUp[Symbol.asyncDispose]()
        await app.drain()
        seen.clear()
      })()
      return left
    },
  }
}

function parseDelivery(topic: string, body: string, headers: Record<string, unknown>): LogRecord {
  const delivery = Delivery.safeParse(JSON.parse(body))
  const position = RecordPosition.safeParse(headers)
  if (!delivery.success || !position.success)
    throw new PlatformError('INVALID_INPUT', `Dapr delivered something else than a raw payload on ${topic}`, {
      hint: "The subscription needs `rawPayload: 'true'`.",
    })
  const { __key: key, __partition: partition, __offset: offset } = position.data
  // `escapeHeaders` of the component encodes as in a query string.
  const plainKey = decodeURIComponent(key.replaceAll('+', '%20'))
  return {
    topic,
    partition: Number(partition),
    offset,
    key: plainKey,
    value: Buffer.from(delivery.data.data_base64, 'base64').toString('utf8'),
  }
}
