import type { Admin, Kafka } from 'kafkajs'
import '../../log/kafkajs-timers.ts'
import { PlatformError } from '../../errors.ts'
import { lagOf } from '../../log/lag.ts'
import type { EventLog, LogRecord, PartitionLag } from '../../ports/event-log.ts'
import type { KafkaSecurity } from './access.ts'
import { answered, kafkaType, unknownTopic } from './kafka-errors.ts'
import { kafkaReader } from './kafka-reader.ts'
import {
  demandServed,
  forgetBefore,
  makeTopic,
  membersOf,
  ownTopics,
  topicStates,
  topicOffsets,
} from './kafka-topics.ts'

export interface KafkaAdminOptions {
  clientId: string
  brokers: readonly string[]
  security: KafkaSecurity
  seconds: number
}

/** Operations on Kafka that need no group membership; each has the deadline `seconds`. */
export interface KafkaAdmin extends Pick<EventLog, 'topics' | 'createTopic' | 'lag' | 'members' | 'read' | 'forget'> {
  /** The number of partitions of a topic, cached from the first lookup. @throws NOT_FOUND */
  partitions(topic: string): Promise<number>
  /** Sets the offsets of a group without members: the next offset by partition. */
  commit(group: string, topic: string, offsets: ReadonlyMap<number, string>): Promise<void>
  close(): Promise<void>
}

export function kafkaAdmin(kafka: Kafka, { clientId, brokers, security, seconds }: KafkaAdminOptions): KafkaAdmin {
  const admin = kafka.admin()
  const reader = kafkaReader(kafka, { clientId, brokers, security, requestTimeout: seconds * 1_000 })
  const connect = connection(admin)
  const counts = new Map<string, number>()
  const ask = async <T>(topic: string, question: () => Promise<T>, absentMs?: number): Promise<T> =>
    answered(
      topic,
      seconds,
      async () => {
        await connect()
        return question()
      },
      absentMs,
    )
  const partitions = async (topic: string): Promise<number> => {
    const known = counts.get(topic)
    if (known !== undefined) return known
    const counted = await ask(
      topic,
      async () =>
        (await ownTopics(admin)).find(({ name }) => name === topic)?.partitions ?? Promise.reject(unknownTopic(topic)),
    )
    counts.set(topic, counted)
    return counted
  }
  return {
    partitions,
    topics: async () => ask('', async () => topicStates(admin)),
    async createTopic(topic) {
      // Busy brokers may take long to learn of a topic that another one has just created.
      const patienceMs = seconds * 1_000
      const made = await ask(topic.name, async () => makeTopic(admin, topic), patienceMs)
      // A created topic may be unknown to its leaders yet: a message sent now would be partly refused and stored twice
      // when sent again.
      if (made === 'created') await ask(topic.name, async () => demandServed(admin, topic), patienceMs)
      counts.delete(topic.name)
      return made
    },
    async lag(topic, group) {
      await partitions(topic)
      return ask(topic, async () => lags(admin, topic, group))
    },
    async members(topic, group) {
      await partitions(topic)
      return ask(topic, async () => membersOf(admin, topic, group))
    },
    async read(topic, partition, from, limit) {
      if (partition >= (await partitions(topic)))
        throw new PlatformError('NOT_FOUND', `${topic} has no partition ${partition}`, {
          hint: 'learnflow kafka-topics list shows them.',
        })
      const records = async (start: string): Promise<LogRecord[]> =>
        (await ask(topic, async () => reader.read(topic, partition, start))).slice(0, limit)
      try {
        return await records(from)
      } catch (error) {
        if (kafkaType(error) !== 'OFFSET_OUT_OF_RANGE') throw error
        // Retention has removed the records before this offset, or the partition is still empty.
        const low =
          (await ask(topic, async () => topicOffsets(admin, topic))).find(offsets => offsets.partition === partition)
            ?.low ?? '0'
        return BigInt(from) < BigInt(low) ? records(low) : []
      }
    },
    forget: async (topic, ends, before) => ask(topic, async () => forgetBefore(admin, topic, ends, before)),
    commit: async (group, topic, offsets) => ask(topic, async () => reader.commit(group, topic, offsets)),
    async close() {
      await Promise.all([reader.close(), admin.disconnect()])
    },
  }
}

/** Connects once, and retries after a failure. */
function connection(client: { connect(): Promise<void> }): () => Promise<void> {
  let connecting: Promise<void> | undefined
  return async () => {
    connecting ??= client.connect()
    try {
      await connecting
    } catch (error) {
      connecting = undefined
      throw error
    }
  }
}

async function lags(admin: Admin, topic: string, group: string): Promise<PartitionLag[]> {
  const [positions, [offsets]] = await Promise.all([
    topicOffsets(admin, topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ])
  const committed = new Map(offsets?.partitions.map(({ partition, offset }) => [partition, offset]))
  return positions
    .map(({ partition, low, high }) =>
      lagOf({ partition, low, end: high, committed: committed.get(partition) ?? '-1' }),
    )
    .toSorted((one, other) => one.partition - other.partition)
}
