import kafkajs, { type Admin } from 'kafkajs'
import type { Topic } from '../../../schemas/topics.ts'
import type { TopicState } from '../../ports/event-log.ts'
import { unknownTopic } from './kafka-errors.ts'

// Node cannot detect these as named exports of a CommonJS module.
const { AssignerProtocol, ConfigResourceTypes } = kafkajs
/** The setting is set on the topic itself, not inherited from a broker (Kafka's ConfigSource). */
const topicConfig = 1

/** All topics but Kafka's internal ones. */
export async function ownTopics(admin: Admin): Promise<TopicState[]> {
  const { topics } = await admin.fetchTopicMetadata()
  return topics
    .filter(({ name }) => !name.startsWith('__'))
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.length,
      replication: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      in_sync: Math.min(...partitions.map(({ isr }) => isr.length)),
    }))
}

/** The same, with the settings that LearnFlow fixes. */
export async function topicStates(admin: Admin): Promise<TopicState[]> {
  const topics = await ownTopics(admin)
  if (topics.length === 0) return []
  const all = await settingsOf(
    admin,
    topics.map(({ name }) => name),
  )
  return topics.map(topic => {
    const settings = new Map(all.get(topic.name)?.map(({ configName, configValue }) => [configName, configValue]))
    return {
      ...topic,
      min_insync_replicas: Number(settings.get('min.insync.replicas')),
      retention_ms: Number(settings.get('retention.ms')),
      segment_ms: Number(settings.get('segment.ms')),
      max_message_bytes: Number(settings.get('max.message.bytes')),
    }
  })
}

async function settingsOf(admin: Admin, names: readonly string[]) {
  const { resources } = await admin.describeConfigs({
    resources: names.map(name => ({ type: ConfigResourceTypes.TOPIC, name })),
    includeSynonyms: false,
  })
  return new Map(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]))
}

const wantedSettings = ({ min_insync_replicas, retention_ms, segment_ms, max_message_bytes }: Topic) => [
  { name: 'min.insync.replicas', value: String(min_insync_replicas) },
  { name: 'retention.ms', value: String(retention_ms) },
  { name: 'segment.ms', value: String(segment_ms) },
  { name: 'max.message.bytes', value: String(max_message_bytes) },
]

export async function makeTopic(admin: Admin, topic: Topic): Promise<'created' | 'updated' | 'unchanged'> {
  const { name, partitions, replication } = topic
  const configEntries = wantedSettings(topic)
  const isThere = async (): Promise<number | undefined> =>
    (await ownTopics(admin)).find(one => one.name === name)?.partitions
  const wanted = { topic: name, numPartitions: partitions, replicationFactor: replication, configEntries }
  // Checked first, because kafkajs logs an error for each topic that exists already.
  if ((await isThere()) === undefined && (await admin.createTopics({ topics: [wanted] }))) return 'created'
  const updated = await updateSettings(admin, topic)
  if (((await isThere()) ?? partitions) >= partitions) return updated
  await admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }] })
  return 'created'
}

/** The request replaces every setting of a topic, so those that are not ours are sent back unchanged. */
async function updateSettings(admin: Admin, topic: Topic): Promise<'updated' | 'unchanged'> {
  const present = (await settingsOf(admin, [topic.name])).get(topic.name) ?? []
  const wanted = wantedSettings(topic)
  if (wanted.every(({ name, value }) => present.find(({ configName }) => configName === name)?.configValue === value))
    return 'unchanged'
  const others = present.filter(
    ({ configName, configSource }) =>
      Number(configSource) === topicConfig && !wanted.some(({ name }) => name === configName),
  )
  const configEntries = [...wanted, ...others.map(({ configName: name, configValue: value }) => ({ name, value }))]
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic.name, configEntries }],
  })
  return 'updated'
}

/**
 * The first and the next offset of each partition.
 * @throws NOT_FOUND also when the topic goes while it is asked for, where kafkajs 2.2.4 fails over an empty answer.
 */
export async function topicOffsets(admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  try {
    return await admin.fetchTopicOffsets(topic)
  } catch (error) {
    throw error instanceof TypeError ? unknownTopic(topic) : error
  }
}

/** Checks that the leaders of a new topic know of it. */
export async function demandServed(admin: Admin, { name, partitions }: Topic): Promise<void> {
  if ((await topicOffsets(admin, name)).length < partitions) throw unknownTopic(name)
}

/** Deletes the records before these offsets that are older than `before`, where there are any. */
export async function forgetBefore(
  admin: Admin,
  topic: string,
  ends: ReadonlyMap<number, string>,
  before?: Date,
): Promise<void> {
  const [positions, old] = await Promise.all([
    topicOffsets(admin, topic),
    before === undefined ? [] : admin.fetchTopicOffsetsByTimestamp(topic, before.getTime()),
  ])
  const limits = new Map(old.map(({ partition, offset }) => [partition, BigInt(offset)]))
  const partitions = positions.flatMap(({ partition, low }) => {
    const end = BigInt(ends.get(partition) ?? 0)
    const limit = limits.get(partition) ?? end
    const offset = end < limit ? end : limit
    return offset > BigInt(low) ? [{ partition, offset: String(offset) }] : []
  })
  if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions })
}

/** The partitions of a topic by group member. During a rebalance a member has none yet. */
export async function membersOf(admin: Admin, topic: string, group: string): Promise<number[][]> {
  const { groups } = await admin.describeGroups([group])
  return (groups[0]?.members ?? []).map(({ memberAssignment }) => {
    if (memberAssignment.length === 0) return []
    return (AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? []).toSorted(
      (one, other) => one - other,
    )
  })
}
