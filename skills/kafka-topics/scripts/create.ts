import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { topics } from '../../../schemas/topics.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { demandFixed, topicFaults } from '../../../platform/log/topic-faults.ts'

const create = defineScript({
  about:
    'Creates every LearnFlow topic and partition that is missing, corrects settings, and names what cannot be ' +
    'changed in a topic that exists.',
  effect: 'changes',
  needs: ['log'],
  input: z.object({}),
  output: z.object({ created: z.array(z.string()), updated: z.array(z.string()), kept: z.array(z.string()) }),
  async run(_input, { log, dryRun }) {
    const faults = topicFaults(await log.topics())
    const wrong = topics.filter(({ name }) => faults.some(({ topic, fixable }) => fixable && topic.name === name))
    const plan = faults.filter(({ fixable }) => fixable).map(({ what }) => `update: ${what}`)
    const done = new Map<string, string>()
    if (!dryRun) for (const topic of wrong) done.set(topic.name, await log.createTopic(topic))
    demandFixed(dryRun ? faults.filter(({ fixable }) => !fixable) : topicFaults(await log.topics()))
    const named = (what: string): string[] => wrong.map(({ name }) => name).filter(name => done.get(name) === what)
    const kept = topics.map(({ name }) => name).filter(name => !wrong.some(topic => topic.name === name))
    const [created, updated] = [named('created'), named('updated')]
    const facts = dryRun
      ? `create or update ${counted(wrong.length, 'topic')}`
      : `topics created ${created.length}, updated ${updated.length}`
    return {
      changed: wrong.length,
      summary: `${facts}, kept ${kept.length}`,
      data: { created, updated, kept },
      plan,
    }
  },
})
export default create
if (import.meta.main) await runAsMain(import.meta, create)
