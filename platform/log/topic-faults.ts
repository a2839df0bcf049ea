import { PlatformError } from '../errors.ts'
import type { TopicState } from '../ports/event-log.ts'
import { type Topic, topics } from '../../schemas/topics.ts'

/** A wrong property of a topic. `fixable`: `create` corrects it; otherwise only a new topic does. */
export interface TopicFault {
  topic: Topic
  what: string
  fixable: boolean
}

/** What is wrong with LearnFlow's topics; properties that a log does not keep per topic cannot be wrong there. */
export function topicFaults(present: readonly TopicState[]): TopicFault[] {
  return topics.flatMap(topic =>
    faultsOf(
      topic,
      present.find(({ name }) => name === topic.name),
    ).map(fault => ({ topic, ...fault })),
  )
}

function faultsOf(topic: Topic, state: TopicState | undefined): Omit<TopicFault, 'topic'>[] {
  const { name, partitions, replication } = topic
  const had = state?.partitions ?? 0
  const settings = (['min_insync_replicas', 'retention_ms', 'segment_ms', 'max_message_bytes'] as const).flatMap(
    setting => {
      const value = state?.[setting]
      return value === undefined || value === topic[setting]
        ? []
        : [{ what: `${name} has ${setting} ${value}, not ${topic[setting]}`, fixable: true }]
    },
  )
  const replicas = state?.replication ?? replication
  return [
    ...(had === partitions
      ? []
      : [{ what: `${name} has ${had} of ${partitions} partitions`, fixable: had < partitions }]),
    ...(replicas >= replication
      ? []
      : [{ what: `${name} has ${replicas} of ${replication} replicas`, fixable: false }]),
    ...settings,
  ]
}

/** @throws CHECK_FAILED naming the faults that cannot be corrected in place. */
export function demandFixed(faults: readonly TopicFault[]): void {
  if (faults.length === 0) return
  throw new PlatformError('CHECK_FAILED', `cannot be updated in place: ${faults.map(({ what }) => what).join('; ')}`, {
    hint: 'Once its lag is 0, delete the topic with the tools of Kafka, then learnflow kafka-topics create.',
  })
}
