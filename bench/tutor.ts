import type { RequestState } from '../schemas/api.ts'
import { openProbe, type Probe } from '../verify/check.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from '../verify/test-platform.ts'
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
/** Questions a second; the first rate must be kept up with. */
const rates = [10, 25, 50]
/** An answer that takes longer is a broken promise, in ms. */
const limitMs = 30_000
/** An agent that keeps up has answered everything this soon after the last question, in ms. */
const keptUpMs = 2_000

/**
 * Questions to each agent at growing rates, without waiting for answers: the times until the answer is there, and the
 * highest rate that is kept up with. Programs are those of the bank, right ones for `review` and known mistakes for
 * `debug`, which may come several times.
 */
export const tutor: Bench = {
  about: 'questions to each of the five agents, 10, 25 and 50 a second, and the time until the answer',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    await using _platform = await startTestPlatform({
      folder: place.path,
      settings: { LEARNFLOW_SANDBOX_PROCESSES: '2' },
    })
    const probe = await openProbe(place.path, throwawayConfig())
    const clients = Array.from({ length: students }, () => probe.client({ student: probe.newStudent() }))
    const figures: Record<string, number> = {}
    const kept: number[] = []
    for (const [agent, questions] of Object.entries(await questionsOf())) {
      let sustained = 0
      for (const rate of quick ? rates.slice(0, 1) : rates) {
        const pace = { per_second: rate, seconds: quick ? 2 : 20, warm_seconds: quick ? 1 : 5 }
        const {
          over,
          failed,
          failure,
          drained_ms: drained,
        } = await openLoop(pace, async at =>
          answered(clients[at % students], agent as Agent, questions[at % questions.length]),
        )
        progress(`${agent}, ${rate}/s: p50 ${over.p50_ms} ms, p99 ${over.p99_ms} ms, ${failed} failed ${failure ?? ''}`)
        figures[`${agent}_${rate}_p50_ms`] = over.p50_ms
        figures[`${agent}_${rate}_p99_ms`] = over.p99_ms
        if (failed > 0 || drained > keptUpMs) break
        sustained = rate
      }
      figures[`${agent}_sustained_per_second`] = sustained
      kept.push(sustained)
    }
    return { figures, ok: kept.every(sustained => sustained >= (rates[0] ?? 0)) }
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
