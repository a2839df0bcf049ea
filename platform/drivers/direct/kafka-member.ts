import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import { deliverAll, type Deps } from '../../log/deliver.ts'
import { PlatformError } from '../../errors.ts'
import type { LogRecord, SubscribeOptions, Subscription } from '../../ports/event-log.ts'
import { passStep } from '../../steps.ts'
import { isRejoin, translated } from './kafka-errors.ts'

const heartbeatMs = 500
const commitMs = 100
/** Records that a handler gets at once: a rebalance waits for them. */
const together = 200

export interface MemberOptions extends SubscribeOptions {
  partitions: number
  deps: Deps
  /** Called when kafkajs has permanently given up this member, so that the process should be replaced. */
  onBroken(error: PlatformError): void
}

/**
 * One member of a consumer group, returned once it has joined. Joining takes as long as Kafka waits for a member that
 * died without leaving; giving up earlier would leave another such member behind. Offsets are committed only after
 * `handle` has resolved. A rebalance or the end of the membership lets the records being handled finish, commits them,
 * and stops retrying a record that keeps failing. @throws DEPENDENCY_DOWN
 */
export async function joinGroup(kafka: Kafka, options: MemberOptions): Promise<Subscription> {
  const { topic, group, partitions, deps, onBroken } = options
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: 15_000,
    rebalanceTimeout: 60_000,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 },
  })
  let assigned: readonly number[] = []
  let generation = new AbortController()
  let leaving: Promise<void> | undefined
  const joined = Promise.withResolvers<void>()
  // Its rejection is reported below.
  joined.promise.catch(() => {})
  consumer.on('consumer.group_join', ({ payload }) => {
    assigned = payload.memberAssignment[topic] ?? []
    joined.resolve()
  })
  consumer.on('consumer.rebalancing', () => void (assigned = []))
  consumer.on('consumer.crash', ({ payload: { error, restart } }) => {
    assigned = []
    deps.report(error, `${group} lost its place on ${topic}`)
    if (restart || leaving !== undefined) return
    const broken = new PlatformError('DEPENDENCY_DOWN', `${group} can no longer read ${topic}: ${error.message}`, {
      hint: 'Restart this process.',
      cause: error,
    })
    joined.reject(broken)
    onBroken(broken)
  })
  await connect(consumer, topic)
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: partitions,
    eachBatch: async payload => {
      if (leaving !== undefined) return
      if (generation.signal.aborted) generation = new AbortController()
      await handleBatch(payload, options, generation)
    },
  })
  // The first attempt to join may fail and be repeated.
  await joined.promise
  return {
    assigned: () => [...assigned].toSorted((one, other) => one - other),
    [Symbol.asyncDispose]: async () => {
      leaving ??= leave(consumer, generation).finally(() => void (assigned = []))
      return leaving
    },
  }
}

async function connect(consumer: Consumer, topic: string): Promise<void> {
  try {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
  } catch (error) {
    throw translated(error, topic)
  }
}

/** kafkajs waits for the running batches before it leaves the group. */
async function leave(consumer: Consumer, generation: AbortController): Promise<void> {
  generation.abort()
  await consumer.disconnect()
}

async function handleBatch(
  payload: EachBatchPayload,
  options: MemberOptions,
  generation: AbortController,
): Promise<void> {
  const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale } = payload
  const { topic, partition } = batch
  const { signal } = generation
  const beat = async (): Promise<void> =>
    heartbeat().catch((error: unknown) => {
      // After a rebalance the next reader continues from the committed offset.
      if (isRejoin(error)) generation.abort()
    })
  let done: string | undefined
  let committedAt = performance.now()
  const commit = async (): Promise<void> => {
    if (done === undefined) return
    await commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset: String(BigInt(done) + 1n) }] }],
    })
    done = undefined
    committedAt = performance.now()
  }
  const handled = async (records: readonly LogRecord[]): Promise<void> => {
    for (const record of records) passStep('kafka:handled', record, options.group)
    done = records.at(-1)?.offset ?? '0'
    resolveOffset(done)
    if (performance.now() - committedAt >= commitMs) await commit()
    await beat()
    if (!isRunning() || isStale()) generation.abort()
  }
  try {
    for (let at = 0; at < batch.messages.length; at += together) {
      if (signal.aborted || !isRunning() || isStale()) break
      const records = batch.messages.slice(at, at + together).map(message => recordOf(topic, partition, message))
      for (const record of records) passStep('kafka:taken', record, options.group)
      const timer = setInterval(() => void beat(), heartbeatMs)
      await deliverAll(records, options, options.deps, signal, handled).finally(() => clearInterval(timer))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await commit()
  }
  // Lets kafkajs notice the rebalance that ended the records above.
  await heartbeat()
}

const recordOf = (topic: string, partition: number, { offset, key, value }: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset,
  key: key?.toString() ?? '',
  value: value?.toString() ?? '',
})
