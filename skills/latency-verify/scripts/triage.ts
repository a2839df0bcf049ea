import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { openProbe } from '../../../verify/check.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { count, judged, Latency, latencyOf, shown, timesOf } from '../measure.ts'

const limitMs = 2_000
/** Questions of one student, fewer than the API takes in a minute. */
const each = 50
/** No agent takes these, so that they are routed and nothing is stored. */
const questions = [
  'What is the weather in Paris tomorrow?',
  'Who won the world cup?',
  'Tell me a joke about cats',
  'What is the capital of Peru?',
  'Recommend me a restaurant in Rome',
]

const triage = defineScript({
  about: 'Measures how long a question takes to be routed, through the API; p99 is promised below 2 s.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({ count: count(100, 2_000) }),
  output: z.object({ triage: Latency }),
  async run({ count: often }, { config, signal }) {
    const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
    const clients = Array.from({ length: Math.ceil(often / each) }, () => probe.client({ student: probe.newStudent() }))
    const ask = async (at: number): Promise<void> => {
      const reply = await clients[Math.floor(at / each)]?.ask(questions[at % questions.length] ?? '', null)
      if (reply !== undefined && 'route' in reply && reply.route !== null) return
      throw new PlatformError('CHECK_FAILED', 'triage did not route a question in time', { hint: 'learnflow status' })
    }
    const latency = latencyOf(await timesOf(often, ask, signal))
    return judged(`triage p50/p95/p99 ${shown(latency)}`, { triage: latency }, [
      { name: 'p99', measured: latency.p99, limit: limitMs },
    ])
  },
})
export default triage
if (import.meta.main) await runAsMain(import.meta, triage)
