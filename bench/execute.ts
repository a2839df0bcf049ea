import { setTimeout as sleep } from 'node:timers/promises'
import { openProbe, type Probe } from '../verify/check.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from '../verify/test-platform.ts'
import { type Bench, quantile, tenth } from './bench.ts'

const students = 50
const thinkMs = 1_000
const code = 'def square(n):\n    return n * n\n\nprint(square(12))\n'

/**
 * Students who each run a small program about once a second through the API: the times that one of them sees while
 * fifty are at work, and the times that all see when they start a run at once.
 */
export const execute: Bench = {
  about: 'running a program through the API, by 50 students once a second each, and by 50 at once',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    await using _platform = await startTestPlatform({
      folder: place.path,
      settings: { LEARNFLOW_SANDBOX_PROCESSES: '2' },
    })
    const probe = await openProbe(place.path, throwawayConfig())
    for (let at = 0; at < 50; at += 1) await once(probe)
    progress('warm')
    const steady: number[] = []
    const turns = quick ? 2 : 10
    await Promise.all(
      Array.from({ length: students }, async (_, at) => {
        await sleep((at * thinkMs) / students)
        for (let turn = 0; turn < turns; turn += 1) {
          const took = await once(probe)
          steady.push(took)
          await sleep(Math.max(0, thinkMs - took))
        }
      }),
    )
    const burst = await Promise.all(Array.from({ length: students }, async () => once(probe)))
    const figures = {
      p50_ms: tenth(quantile(steady, 0.5)),
      p95_ms: tenth(quantile(steady, 0.95)),
      fifty_at_once_p50_ms: tenth(quantile(burst, 0.5)),
      fifty_at_once_slowest_ms: tenth(Math.max(...burst)),
    }
    return { figures, ok: figures.p50_ms <= 30 && figures.p95_ms <= 150 }
  },
}

async function once(probe: Probe): Promise<number> {
  const client = probe.client({ student: probe.newStudent() })
  const begun = performance.now()
  const { status, body } = await client.raw('POST', '/api/v1/sandbox/execute/python', { body: { code } })
  const took = performance.now() - begun
  if (status !== 200 || (body as { stdout?: string }).stdout !== '144\n')
    throw new Error(`the sandbox answered ${status}: ${JSON.stringify(body).slice(0, 200)}`)
  return took
}
