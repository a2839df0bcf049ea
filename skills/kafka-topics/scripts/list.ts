import * as z from 'zod'
import { topics } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'

const list = defineScript({
  about: 'Lists the topics that exist, and those that are missing or have the wrong number of partitions.',
  effect: 'reads',
  needs: ['log'],
  input: z.object({}),
  output: z.object({ topics: z.array(z.object({ name: z.string(), partitions: z.number().int() })), wrong: z.array(z.string()) }),
  async run(_input, { log }) {
    const present = await log.topics()
    const wrong = topics.filter(wanted => present.find(topic => topic.name === wanted.name)?.partitions !== wanted.partitions).map(topic => topic.name)
    const facts = present.map(({ name, partitions }) => `${name} ${partitions}`).join(', ') || 'no topic'
    return { summary: wrong.length === 0 ? facts : `${facts}; wrong: ${wrong.join(', ')}`, data: { topics: present, wrong } }
  },
})
export default list
if (import.meta.main) await runAsMain(import.meta, list)
