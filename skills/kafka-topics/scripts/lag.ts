import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { learningEvents } from '../../../schemas/topics.ts'
import { agentNames } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'

const lag = defineScript({
  about: 'Shows how far a consumer group (an agent) is behind, by partition.',
  effect: 'reads',
  needs: ['log'],
  input: z.object({
    group: z.string().min(1).describe('the agent, such as exercise').meta({ positional: true }),
    topic: z.string().min(1).default(learningEvents.name).describe('topic'),
  }),
  output: z.object({
    total: z.number().int(),
    lag: z.array(
      z.object({ partition: z.number().int(), end: z.string(), committed: z.string(), lag: z.number().int() }),
    ),
  }),
  async run({ group, topic }, { log }) {
    const places = await log.lag(topic, group)
    if (places.length === 0)
      throw new PlatformError('NOT_FOUND', `there is no topic ${topic}`, { hint: 'learnflow kafka-topics list' })
    if (!places.some(({ started }) => started) && !agentNames.some(name => name === group))
      throw new PlatformError('NOT_FOUND', `no group ${group} ever read ${topic}`, {
        hint: `Agents: ${agentNames.join(', ')}.`,
      })
    const behind = places.filter(position => position.lag > 0)
    const total = behind.reduce((sum, position) => sum + position.lag, 0)
    const where = behind
      .toSorted((one, other) => other.lag - one.lag)
      .slice(0, 3)
      .map(position => `${position.partition}:${position.lag}`)
    return {
      summary:
        `${group} is ${total} behind on ${topic}, ${places.length} ` +
        `partitions${where.length === 0 ? '' : `, most: ${where.join(' ')}`}`,
      data: { total, lag: places },
    }
  },
})
export default lag
if (import.meta.main) await runAsMain(import.meta, lag)
