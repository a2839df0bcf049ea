import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { learningEvents } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'

const read = defineScript({
  about: 'Reads records of one partition, oldest first.',
  effect: 'reads',
  needs: ['log'],
  input: z.object({
    topic: z.string().min(1).default(learningEvents.name).describe('topic').meta({ positional: true }),
    partition: z.number().int().min(0).default(0).describe('partition'),
    from: z.number().int().min(0).optional().describe('first offset; without it the newest records'),
    limit: z.number().int().min(1).max(200).default(5).describe('at most so many, 1-200'),
  }),
  output: z.object({
    records: z.array(
      z.object({
        topic: z.string(),
        partition: z.number().int(),
        offset: z.string(),
        key: z.string(),
        value: z.string(),
      }),
    ),
    end: z.string(),
  }),
  async run({ topic, partition, from, limit }, { log }) {
    // The lag of a group that nobody uses shows where the partition ends.
    const end = (await log.lag(topic, 'kafka-topics-read')).find(position => position.partition === partition)?.end
    if (end === undefined)
      throw new PlatformError('NOT_FOUND', `there is no partition ${topic}/${partition}`, {
        hint: 'learnflow kafka-topics list',
      })
    const records = await log.read(topic, partition, String(from ?? Math.max(0, Number(end) - limit)), limit)
    const types = new Set(records.map(({ value }) => /"type":"([a-z.]{1,40})"/.exec(value)?.[1] ?? 'no event'))
    const [first, last] = [records[0]?.offset, records.at(-1)?.offset]
    const facts = first === undefined ? 'no record' : `${counted(records.length, 'record')}, offsets ${first}-${last}`
    return {
      summary:
        `${topic}/${partition}: ${facts}, end ` +
        `${end}${types.size === 0 ? '' : `: ${[...[...types].slice(0, 3), ...(types.size > 3 ? [`${types.size - 3} types more`] : [])].join(', ')}`}`,
      data: { records, end },
    }
  },
})
export default read
if (import.meta.main) await runAsMain(import.meta, read)
