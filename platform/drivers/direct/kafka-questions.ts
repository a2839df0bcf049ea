import type { Admin, Kafka } from 'kafkajs'
import type { Topic } from '../../../schemas/topics.ts'
import { PlatformError } from '../../errors.ts'
import type { EventLog, LogRecord, PartitionLag, TopicState } from '../../ports/event-log.ts'
import { answered, kafkaType, unknownTopic } from './kafka-errors.ts'
import { kafkaReader } from './kafka-reader.ts'

export interface QuestionOptions {
  clientId: string
  brokers: readonly string[]
  seconds: number
}

/** What can be asked of Kafka without being a member of a group; every question has the deadline `seconds`. */
export interface KafkaQuestions extends Pick<EventLog, 'topics' | 'createTopic' | 'lag' | 'read'> {
  ask<T>(topic: string, question: () => Promise<T>): Promise<T>
  /** How many partitions a topic has, as it was first seen. @throws NOT_FOUND */
  partitions(topic: string): Promise<number>
  commit(group: string, place: { topic: string; partition: number }, next: string): Promise<void>
  close(): Promise<void>
}

export function kafkaQuestions(kafka: Kafka, { clientId, brokers, seconds }: QuestionOptions): KafkaQuestions {
  const admin = kafka.admin()
  const reader = kafkaReader(kafka, clientId, brokers, seconds * 1_000)
  const connect = connection(admin)
  const counts = new Map<string, number>()
  const ask = async <T>(topic: string, question: () => Promise<T>): Promise<T> =>
    answered(topic, seconds, async () => {
      await connect()
      return question()
    })
  const partitions = async (topic: string): Promise<number> => {
    const known = counts.get(topic)
    if (known !== undefined) return known
    const counted = await ask(topic, async () => (await allTopics(admin)).find(({ name }) => name === topic)?.partitions ?? Promise.reject(unknownTopic(topic)))
    counts.set(topic, counted)
    return counted
  }
  return {
    ask,
    partitions,
    topics: async () => ask('', async () => (await allTopics(admin)).filter(({ name }) => !name.startsWith('__'))),
    async createTopic(topic) {
      const made = await ask(topic.name, async () => createTopic(admin, topic))
      // Made is not yet known to those who lead it: a message sent now would be half refused, and stand twice when sent again.
      if (made === 'created') await ask(topic.name, async () => isServed(admin, topic))
      counts.delete(topic.name)
      return made
    },
    async lag(topic, group) {
      await partitions(topic)
      return ask(topic, async () => lagOf(admin, topic, group))
    },
    async read(topic, partition, from, limit) {
      if (partition >= (await partitions(topic)))
        throw new PlatformError('NOT_FOUND', `${topic} has no partition ${partition}`, { hint: 'learnflow kafka-topics list shows them.' })
      const records = async (start: string): Promise<LogRecord[]> => (await ask(topic, async () => reader.read(topic, partition, start))).slice(0, limit)
      try {
        return await records(from)
      } catch (error) {
        if (kafkaType(error) !== 'OFFSET_OUT_OF_RANGE') throw error
        // Retention has taken what stood there, or nothing stands there yet.
        const low = (await ask(topic, async () => admin.fetchTopicOffsets(topic))).find(place => place.partition === partition)?.low ?? '0'
        return BigInt(from) < BigInt(low) ? records(low) : []
      }
    },
    commit: async (group, { topic, partition }, next) => ask(topic, async () => reader.commit(group, topic, partition, next)),
    async close() {
      await Promise.all([reader.close(), admin.disconnect()])
    },
  }
}

/** Connects once, and again after it failed. */
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

async function allTopics(admin: Admin): Promise<TopicState[]> {
  const { topics } = await admin.fetchTopicMetadata()
  return topics.map(({ name, partitions }) => ({ name, partitions: partitions.length }))
}

async function createTopic(admin: Admin, { name, partitions, replication, min_insync_replicas, retention_ms }: Topic): Promise<'created' | 'unchanged'> {
  const settings = { 'min.insync.replicas': min_insync_replicas, 'retention.ms': retention_ms }
  const configEntries = Object.entries(settings).map(([entry, value]) => ({ name: entry, value: String(value) }))
  if (await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions, replicationFactor: replication, configEntries }] })) return 'created'
  const present = (await allTopics(admin)).find(topic => topic.name === name)?.partitions ?? partitions
  if (present >= partitions) return 'unchanged'
  await admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }] })
  return 'created'
}

async function isServed(admin: Admin, { name, partitions }: Topic): Promise<void> {
  if ((await admin.fetchTopicOffsets(name)).length < partitions) throw unknownTopic(name)
}

async function lagOf(admin: Admin, topic: string, group: string): Promise<PartitionLag[]> {
  const [places, [offsets]] = await Promise.all([admin.fetchTopicOffsets(topic), admin.fetchOffsets({ groupId: group, topics: [topic] })])
  const committed = new Map(offsets?.partitions.map(({ partition, offset }) => [partition, offset]))
  return places
    .map(({ partition, low, high }) => {
      const own = committed.get(partition) ?? '-1'
      // A group without a place starts at the oldest message.
      const place = BigInt(own) < BigInt(low) ? low : own
      return { partition, end: high, committed: place, lag: Number(BigInt(high) - BigInt(place)) }
    })
    .toSorted((one, other) => one.partition - other.partition)
}
