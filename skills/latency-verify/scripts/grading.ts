import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { openProbe } from '../../../verify/check.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { count, judged, Latency, latencyOf, shown, timesOf } from '../measure.ts'

const limitMs = 3_000
const right = 'def square(n):\n    return n * n\n'

const grading = defineScript({
  about: 'Measures how long a right program takes from being handed in to its grade; p99 is promised below 3 s.',
  effect: 'probes',
  needs: ['platform'],
  input: z.object({ count: count(30, 1_000) }),
  output: z.object({ grading: Latency }),
  async run({ count: often }, { config, progress, signal }) {
    const probe = await openProbe(config.LEARNFLOW_DATA_DIR, config)
    const once = async (at: number): Promise<void> => {
      const client = probe.client({ student: probe.newStudent() })
      const { request_id } = await client.submit('square', right, `latency-${at}`)
      const { status, grade } = await client.ended(request_id)
      if (grade?.verdict !== 'passed')
        throw new PlatformError('CHECK_FAILED', `a right program is ${grade?.verdict ?? status} after 30 s`, {
          hint: `learnflow incident-triage trace ${request_id}`,
        })
      if (at % 10 === 9) progress(`${at + 1} of ${often} graded`)
    }
    const latency = latencyOf(await timesOf(often, once, signal))
    return judged(`grading p50/p95/p99 ${shown(latency)}`, { grading: latency }, [
      { name: 'p99', measured: latency.p99, limit: limitMs },
    ])
  },
})
export default grading
if (import.meta.main) await runAsMain(import.meta, grading)
