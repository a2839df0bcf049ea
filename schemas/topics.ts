const dayMs = 86_400_000

/** A topic as every event log must have it. Keys are student ids; order holds per key. */
export interface Topic {
  name: string
  partitions: number
  replication: number
  min_insync_replicas: number
  retention_ms: number
}

export const learningEvents = {
  name: 'learning.events',
  partitions: 12,
  replication: 3,
  min_insync_replicas: 2,
  retention_ms: 7 * dayMs,
} as const satisfies Topic
export const deadLetterQueue = {
  name: 'dead-letter.queue',
  partitions: 6,
  replication: 3,
  min_insync_replicas: 2,
  retention_ms: 7 * dayMs,
} as const satisfies Topic

/** All topics of the platform. */
export const topics: readonly Topic[] = [learningEvents, deadLetterQueue]
