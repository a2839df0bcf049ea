import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { openProbe, type Probe } from '../../../verify/check.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { count, judged, Latency, latencyOf, shown, timesOf } from '../measure.ts'

const limitMs = { worst: 30_000, mean: 15_000 }
const pollMs = 25
const right = 'def square(n):\n    return n * n\n'

const endToEnd = defineScript({
  about:
    'Measures the whole way: a program handed in, graded, and the mastery updated in the state. Promised ' +
    'below 30 s at the worst, 15 s on average.',
  effect: 'probes',
  needs: ['platform'],
  input: z.object({ count: count(10, 500) }),
  output: z.object({ end_to_end: Latency }),
  async run({ count: often }, { config, signal }) {
    const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
    const latency = latencyOf(await timesOf(often, async at => once(probe, at), signal))
    return judged(`end to end p50/p95/p99 ${shown(latency)}`, { end_to_end: latency }, [
      { name: 'worst', measured: latency.max, limit: limitMs.worst },
      { name: 'mean', measured: latency.mean, limit: limitMs.mean },
    ])
  },
})

/** A new student has no mastery until their first grade passed through all agents. */
async function once(probe: Probe, at: number): Promise<void> {
  const student = probe.newStudent()
  const [client, operator] = [probe.client({ student }), probe.operator()]
  const { request_id } = await client.submit('square', right, `end-to-end-${at}`)
  for (const start = performance.now(); performance.now() - start < limitMs.worst;) {
    const { modules } = await operator.mastery(student)
    if (modules.some(({ source, mastery }) => source === 'state' && mastery > 0)) return
    await sleep(pollMs)
  }
  throw new PlatformError('CHECK_FAILED', `no mastery ${limitMs.worst / 1_000} s after a program was handed in`, {
    hint: `learnflow incident-triage trace ${request_id}`,
  })
}
export default endToEnd
if (import.meta.main) await runAsMain(import.meta, endToEnd)
