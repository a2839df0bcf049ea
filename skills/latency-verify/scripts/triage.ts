import * as z from 'zod'
import { openProbe } from '../../../verify/check.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { count, judged, Latency, latencyOf, shown, timesOf } from '../measure.ts'

const limitMs = 2_000
/** Questions of one student, fewer than the API takes in a minute. */
const each = 50
const questions = [
  'How do I get better at Python?',
  'What is a list?',
  'Why does my loop never end?',
  'Give me an exercise about dictionaries.',
  'How am I doing?',
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
    const ask = async (at: number) => clients[Math.floor(at / each)]?.ask(questions[at % questions.length] ?? '', null)
    const latency = latencyOf(await timesOf(often, ask, signal))
    return judged(`triage p50/p95/p99 ${shown(latency)}`, { triage: latency }, [
      { name: 'p99', measured: latency.p99, limit: limitMs },
    ])
  },
})
export default triage
if (import.meta.main) await runAsMain(import.meta, triage)
