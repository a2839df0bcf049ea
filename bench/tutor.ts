import type { RequestState } from '../schemas/api.ts'
import { readConfig } from '../platform/config.ts'
import { openProbe, type Probe } from '../verify/check.ts'
import { startTestPlatform, temporaryFolder } from '../verify/test-platform.ts'
import { bankPrograms } from './bank-programs.ts'
import type { Bench } from './bench.ts'
import { openLoop } from './open-loop.ts'

interface Question {
  text: string
  code?: string
}
type Agent = 'concepts' | 'review' | 'debug' | 'exercise' | 'progress'

const topics =
  'for loops,list comprehensions,tuples,dictionaries,functions,classes,exceptions,while loops,sets,strings'.split(',')
const students = 200
const perSecond = 50
/** An answer that takes longer is a broken promise, in ms. */
const limitMs = 30_000

/**
 * Questions to each agent, 50 a second without waiting for answers: the times until the answer is there. Programs are
 * those of the bank, right ones for `review` and known mistakes for `debug`; in a minute most come several times.
 */
export const tutor: Bench = {
  about: 'questions to each of the five agents, 50 a second for a minute, and the time until the answer',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    await using _platform = await startTestPlatform({
      folder: place.path,
      settings: { LEARNFLOW_SANDBOX_PROCESSES: '2' },
    })
    const probe = await openProbe(place.path, readConfig())
    const clients = Array.from({ length: students }, () => probe.client({ student: probe.newStudent() }))
    const figures: Record<string, number> = {}
    let kept = true
    for (const [agent, questions] of Object.entries(await questionsOf())) {
      const pace = { per_second: perSecond, seconds: quick ? 2 : 60, warm_seconds: quick ? 1 : 5 }
      const {
        over,
        failed,
        failure,
        drained_ms: drained,
      } = await openLoop(pace, async at =>
        answered(clients[at % students], agent as Agent, questions[at % questions.length]),
      )
      progress(`${agent}: p50 ${over.p50_ms} ms, p99 ${over.p99_ms} ms, ${failed} failed ${failure ?? ''}`)
      figures[`${agent}_p50_ms`] = over.p50_ms
      figures[`${agent}_p99_ms`] = over.p99_ms
      figures[`${agent}_drained_ms`] = drained
      figures[`${agent}_failed`] = failed
      kept &&= failed === 0 && over.max_ms < limitMs
    }
    return { figures, ok: kept }
  },
}

async function questionsOf(): Promise<Record<Agent, Question[]>> {
  const programs = await bankPrograms()
  const about = (text: string, right: boolean): Question[] =>
    programs.filter(program => program.right === right).map(({ code }) => ({ text, code }))
  return {
    concepts: topics.map(topic => ({ text: `How do ${topic} work?` })),
    review: about('Please review this.', true),
    debug: about('Why does it fail?', false),
    exercise: topics.map(topic => ({ text: `An easy exercise on ${topic}, please` })),
    progress: [{ text: 'How am I doing?' }],
  }
}

/** @throws when there is no answer in time */
async function answered(
  client: ReturnType<Probe['client']> | undefined,
  agent: Agent,
  body: Question | undefined,
): Promise<RequestState> {
  if (client === undefined || body === undefined) throw new Error('there is nobody who asks, or nothing to ask')
  const { status, body: accepted } = await client.raw('POST', `/api/v1/agents/${agent}/process`, { body })
  if (status !== 202) throw new Error(`${agent} answered ${status}: ${JSON.stringify(accepted).slice(0, 200)}`)
  const state = await client.ended((accepted as { request_id: string }).request_id, limitMs)
  if (state.status !== 'done') throw new Error(`${agent}: the question is ${state.status}`)
  return state
}
