import * as z from 'zod'
import { partitionOf } from '../../../schemas/partitioner.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { learningEvents } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'

const produce = defineScript({
  about: 'Appends one record to a topic, unchecked: a record that is not a valid event becomes a dead letter.',
  effect: 'changes',
  needs: ['log'],
  input: z.object({
    value: z.string().max(1_000_000).describe('the record').meta({ positional: true }),
    key: z.string().min(1).max(256).describe('the student id, which decides the partition'),
    topic: z.string().min(1).default(learningEvents.name).describe('topic'),
  }),
  output: z.object({ topic: z.string(), partition: z.number().int() }),
  async run({ topic, key, value }, { log, dryRun }) {
    const found = (await log.topics()).find(({ name }) => name === topic)
    if (found === undefined)
      throw new PlatformError('NOT_FOUND', `there is no topic ${topic}`, { hint: 'learnflow kafka-topics list' })
    const partition = partitionOf(key, found.partitions)
    if (!dryRun) await log.publish(topic, [{ key, value }])
    return {
      changed: 1,
      summary: `1 record of ${Buffer.byteLength(value)} bytes on ${topic}/${partition}`,
      data: { topic, partition },
      plan: [`append to ${topic}/${partition} with key ${key}`],
    }
  },
})
export default produce
if (import.meta.main) await runAsMain(import.meta, produce)
