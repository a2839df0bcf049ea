import * as z from 'zod'
import { Topic } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { topicFaults } from '../../../platform/log/topic-faults.ts'

const TopicNow = Topic.extend({ in_sync: z.number().int() }).partial().required({ name: true, partitions: true })

const list = defineScript({
  about: 'Lists the topics that exist, and what is missing or wrong of them: partitions, replicas, settings.',
  effect: 'reads',
  needs: ['log'],
  input: z.object({}),
  output: z.object({ topics: z.array(TopicNow), wrong: z.array(z.string()) }),
  async run(_input, { log }) {
    const present = await log.topics()
    const wrong = topicFaults(present).map(({ what }) => what)
    const facts = present.map(({ name, partitions }) => `${name} ${partitions}`).join(', ') || 'no topic'
    return {
      summary:
        wrong.length === 0
          ? facts
          : `${facts}; wrong: ${[...wrong.slice(0, 2), ...(wrong.length > 2 ? [`${wrong.length - 2} more`] : [])].join(', ')}`,
      data: { topics: present, wrong },
    }
  },
})
export default list
if (import.meta.main) await runAsMain(import.meta, list)
