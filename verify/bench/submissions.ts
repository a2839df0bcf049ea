import { readFile, readdir } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { openProbe, type Probe } from '../check.ts'
import { startThrowaway, temporaryFolder } from '../throwaway.ts'
import { readConfig } from '../../platform/config.ts'
import { type Bench, quantile, tenth } from './bench.ts'
import { inParallel } from '../parallel.ts'

const students = 50
const right = 'def square(n):\n    return n * n\n'

/** Students who each hand a program in and wait for its grade, then the next: what one embedded process bears. */
export const submissions: Bench = {
  about: 'submissions end to end by 50 students at once, and the time the API takes to accept one',
  async run(progress, quick) {
    await using place = await temporaryFolder()
    await using platform = await startThrowaway({ folder: place.path, settings: { LEARNFLOW_SANDBOX_PROCESSES: '2' } })
    const probe = await openProbe(place.path, readConfig().LEARNFLOW_JWT_ISSUER)
    await oneStudent(probe, 3, { accept: [], whole: [] }) // warms up
    const each = quick ? 2 : 20
    const times: Times = { accept: [], whole: [] }
    progress(`${students * each} submissions by ${students} students`)
    const start = performance.now()
    await inParallel(
      Array.from({ length: students }, () => async () => oneStudent(probe, each, times)),
      students,
    )
    const seconds = (performance.now() - start) / 1_000
    const memory = await memoryOf(platform.pid)
    const figures = {
      submissions_per_second: tenth((students * each) / seconds),
      accept_p50_ms: tenth(quantile(times.accept, 0.5)),
      accept_p99_ms: tenth(quantile(times.accept, 0.99)),
      graded_p50_ms: tenth(quantile(times.whole, 0.5)),
      graded_p99_ms: tenth(quantile(times.whole, 0.99)),
      platform_rss_mb: Math.round(memory.own),
      interpreters_rss_mb: Math.round(memory.children),
    }
    return { figures, ok: figures.graded_p99_ms < 30_000 }
  },
}

interface Times {
  accept: number[]
  whole: number[]
}

/** No two programs are the same: equal ones would be run once. */
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

/** Resident memory in MB of a process and of its children, from /proc; NaN where there is none. */
async function memoryOf(pid: number): Promise<{ own: number; children: number }> {
  const megabytes = async (id: string): Promise<number> => {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1_024
  }
  const parentOf = async (id: string): Promise<number> => Number((await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ')[1])
  const everyone = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name))
  const children: string[] = []
  for (const id of everyone) if ((await parentOf(id)) === pid) children.push(id)
  const sizes = await Promise.all(children.map(megabytes))
  return { own: await megabytes(String(pid)), children: sizes.reduce((sum, size) => sum + size, 0) }
}
