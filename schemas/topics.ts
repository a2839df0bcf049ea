import * as z from 'zod'

const dayMs = 86_400_000
/** Kafka's own default: the records of one request, and what it writes around them. */
const megabyte = 1_048_588

/** The required settings of a topic. Keys are student ids; order holds per key. */
export const Topic = z.strictObject({
  name: z.string().regex(/^[a-z0-9.-]{1,249}$/),
  partitions: z.number().int().min(1).max(10_000),
  replication: z.number().int().min(1).max(32_767),
  min_insync_replicas: z.number().int().min(1).max(32_767),
  retention_ms: z
    .number()
    .int()
    .min(1)
    .max(36_500 * dayMs),
  segment_ms: z
    .number()
    .int()
    .min(1)
    .max(36_500 * dayMs)
    .describe('after so long the file that is written to is closed; only a closed one is deleted'),
  max_message_bytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
})
export type Topic = z.infer<typeof Topic>

export const learningEvents = {
  name: 'learning.events',
  partitions: 12,
  replication: 3,
  min_insync_replicas: 2,
  retention_ms: 7 * dayMs,
  segment_ms: dayMs / 4,
  max_message_bytes: megabyte,
} as const satisfies Topic
export const deadLetterQueue = {
  name: 'dead-letter.queue',
  partitions: 6,
  replication: 3,
  min_insync_replicas: 2,
  retention_ms: 7 * dayMs,
  segment_ms: dayMs / 4,
  max_message_bytes: megabyte,
} as const satisfies Topic

/** All topics of the platform. */
export const topics: readonly Topic[] = [learningEvents, deadLetterQueue]
