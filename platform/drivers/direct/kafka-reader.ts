import type { Kafka } from 'kafkajs'
import Cluster from 'kafkajs/src/cluster/index.js'
import socketFactory from 'kafkajs/src/network/socketFactory.js'
import type { LogRecord } from '../../ports/event-log.ts'
import type { KafkaSecurity } from './access.ts'
import { kafkaType } from './kafka-errors.ts'

interface ReaderOptions {
  clientId: string
  brokers: readonly string[]
  security: KafkaSecurity
  /** In ms. */
  requestTimeout: number
}

const fetchBytes = 1_000_000

/**
 * Reads partitions and sets offsets of groups without members, for operators. A consumer would have to join a group for
 * each read.
 */
export function kafkaReader(kafka: Kafka, { clientId, brokers, security, requestTimeout }: ReaderOptions) {
  const cluster = new Cluster({
    brokers: [...brokers],
    ...security,
    clientId,
    logger: kafka.logger(),
    socketFactory: socketFactory(),
    connectionTimeout: 1_000,
    requestTimeout,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    retry: { retries: 1, initialRetryTime: 50 },
  })
  const connected = async (): Promise<void> => {
    if (!cluster.isConnected()) await cluster.connect()
  }
  /** Looks up a leader or coordinator that moved before the caller asks again. */
  const fresh = async <T>(ask: () => Promise<T>): Promise<T> => {
    await connected()
    try {
      return await ask()
    } catch (error) {
      if (kafkaType(error) !== 'OFFSET_OUT_OF_RANGE') await cluster.refreshMetadata().catch(() => {})
      throw error
    }
  }
  return {
    /** Records from `from` on, as many as one response holds; none when there are none. */
    read: async (topic: string, partition: number, from: string): Promise<LogRecord[]> =>
      fresh(async () => {
        await cluster.addTargetTopic(topic)
        const [nodeId = ''] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
        const broker = await cluster.findBroker({ nodeId })
        const partitions = [{ partition, fetchOffset: from, maxBytes: fetchBytes }]
        const { responses } = await broker.fetch({
          maxWaitTime: 1,
          minBytes: 1,
          maxBytes: fetchBytes,
          isolationLevel: 1,
          topics: [{ topic, partitions }],
        })
        return responses
          .flatMap(response => response.partitions.flatMap(({ messages }) => messages))
          .filter(({ offset, isControlRecord }) => !isControlRecord && BigInt(offset) >= BigInt(from))
          .map(({ offset, key, value }) => ({
            topic,
            partition,
            offset,
            key: key?.toString() ?? '',
            value: value?.toString() ?? '',
          }))
      }),
    /** Sets the offsets of a group without members: the next offset by partition. */
    commit: async (groupId: string, topic: string, offsets: ReadonlyMap<number, string>): Promise<void> =>
      fresh(async () => {
        const coordinator = await cluster.findGroupCoordinator({ groupId })
        const partitions = Array.from(offsets, ([partition, offset]) => ({ partition, offset }))
        await coordinator.offsetCommit({
          groupId,
          groupGenerationId: -1,
          memberId: '',
          topics: [{ topic, partitions }],
        })
      }),
    close: async (): Promise<void> => cluster.disconnect(),
  }
}
