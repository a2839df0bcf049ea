import * as z from 'zod'
import { topics } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'

const create = defineScript({
  about: 'Creates every LearnFlow topic and partition that is missing.',
  effect: 'changes',
  needs: ['log'],
  input: z.object({}),
  output: z.object({ created: z.array(z.string()), kept: z.array(z.string()) }),
  async run(_input, { log, dryRun }) {
    const present = new Map((await log.topics()).map(({ name, partitions }) => [name, partitions]))
    const missing = topics.filter(({ name, partitions }) => (present.get(name) ?? 0) < partitions)
    if (!dryRun) for (const topic of missing) await log.createTopic(topic)
    const created = missing.map(topic => topic.name)
    const kept = topics.map(topic => topic.name).filter(name => !created.includes(name))
    return {
      changed: created.length,
      summary: `topics created ${created.length}, kept ${kept.length}`,
      data: { created, kept },
      plan: missing.map(({ name, partitions }) => `create ${name}: ${partitions - (present.get(name) ?? 0)} of ${partitions} partitions`),
    }
  },
})
export default create
if (import.meta.main) await runAsMain(import.meta, create)
