import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { topics } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { topicFaults } from '../topic-faults.ts'

const create = defineScript({
  about:
    'Creates every LearnFlow topic and partition that is missing, sets their settings right, and names what only a new topic would mend.',
  effect: 'changes',
  needs: ['log'],
  input: z.object({}),
  output: z.object({ created: z.array(z.string()), mended: z.array(z.string()), kept: z.array(z.string()) }),
  async run(_input, { log, dryRun }) {
    const faults = topicFaults(await log.topics())
    const wrong = topics.filter(({ name }) => faults.some(({ topic, mendable }) => mendable && topic.name === name))
    const plan = faults.filter(({ mendable }) => mendable).map(({ what }) => `mend: ${what}`)
    const done = new Map<string, string>()
    if (!dryRun) for (const topic of wrong) done.set(topic.name, await log.createTopic(topic))
    const stubborn = dryRun ? faults.filter(({ mendable }) => !mendable) : topicFaults(await log.topics())
    if (stubborn.length > 0)
      throw new PlatformError(
        'CHECK_FAILED',
        `cannot be mended in place: ${stubborn.map(({ what }) => what).join('; ')}`,
        {
          hint: 'Once its lag is 0, delete the topic with the tools of Kafka, then learnflow kafka-topics create.',
        },
      )
    const named = (what: string): string[] => wrong.map(({ name }) => name).filter(name => done.get(name) === what)
    const kept = topics.map(({ name }) => name).filter(name => !wrong.some(topic => topic.name === name))
    const [created, mended] = [named('created'), named('mended')]
    const facts = dryRun
      ? `create or mend ${wrong.length} topics`
      : `topics created ${created.length}, mended ${mended.length}`
    return { changed: wrong.length, summary: `${facts}, kept ${kept.length}`, data: { created, mended, kept }, plan }
  },
})
export default create
if (import.meta.main) await runAsMain(import.meta, create)
