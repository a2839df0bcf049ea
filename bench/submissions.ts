import { randomUUID } from 'node:crypto'
import { openProbe, type Probe } from '../verify/check.ts'
import { inParallel } from '../verify/parallel.ts'
import { startTestPlatform, temporaryFolder, throwawayConfig } from '../verify/test-platform.ts'
import { type Bench, quantile, tenth } from './bench.ts'
import { memoryOf } from './memory.ts'

const students = 50
const right = 'def square(n):\n    return n * n\n'

/** Students who each submit a program, wait for its grade and submit the next: what one embedded process sustains. */
export const submissions: Bench = {
  about: 'submissions end to end by 50 students at once, and the time the API takes to accept one',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    await using platform = await startTestPlatform({
      folder: place.path,
      settings: { LEARNFLOW_SANDBOX_PROCESSES: '2' },
    })
    const probe = await openProbe(place.path, throwawayConfig())
    const each = quick ? 2 : 20
    progress(`${students * each} submissions by ${students} students`)
    const figures = await classroom(probe, each)
    const memory = await memoryOf(platform.pid)
    return {
      figures: {
        ...figures,
        platform_rss_mb: Math.round(memory.own),
        interpreters_rss_mb: Math.round(memory.children),
      },
      ok: figures.graded_p99_ms < 30_000,
    }
  },
}

interface Times {
  accept: number[]
  whole: number[]
}

/** Fifty students who submit `each` programs, the next one when the last is graded. */
export async function classroom(
  probe: Probe,
  each: number,
): Promise<
  Record<'submissions_per_second' | 'accept_p50_ms' | 'accept_p99_ms' | 'graded_p50_ms' | 'graded_p99_ms', number>
> {
  await oneStudent(probe, 3, { accept: [], whole: [] }) // warms up
  const times: Times = { accept: [], whole: [] }
  const start = performance.now()
  await inParallel(
    Array.from({ length: students }, () => async () => oneStudent(probe, each, times)),
    students,
  )
  return {
    submissions_per_second: tenth((students * each * 1_000) / (performance.now() - start)),
    accept_p50_ms: tenth(quantile(times.accept, 0.5)),
    accept_p99_ms: tenth(quantile(times.accept, 0.99)),
    graded_p50_ms: tenth(quantile(times.whole, 0.5)),
    graded_p99_ms: tenth(quantile(times.whole, 0.99)),
  }
}

/** Every program is different, because equal ones would run only once. */
async function oneStudent(probe: Probe, count: number, times: Times): Promise<void> {
  const client = probe.client({ student: probe.newStudent() })
  for (let at = 0; at < count; at += 1) {
    const start = performance.now()
    const { request_id } = await client.submit('square', `${right}WHOSE = '${randomUUID()}'\n`, randomUUID())
    times.accept.push(performance.now() - start)
    const { grade } = await client.ended(request_id)
    if (grade?.verdict !== 'passed') throw new Error(`a right program came back as ${grade?.verdict ?? 'nothing'}`)
    times.whole.push(performance.now() - start)
  }
}
