import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { readConfig } from '../platform/config.ts'
import { openInterpreters } from '../platform/open.ts'
import type { PythonResult, Sandbox } from '../platform/ports/sandbox.ts'
import { type Bench, quantile, tenth } from './bench.ts'
import { inParallel } from '../verify/parallel.ts'

const program = 'def square(n):\n    return n * n\n\nprint([square(n) for n in range(10)])\n'
const printed = '[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\n'
const limitSeconds = 0.5

/** The sandbox alone, through the port. */
export const sandbox: Bench = {
  about: 'fresh interpreters a second, latency, time limits and recovery',
  async run(progress, quick) {
    const processes = availableParallelism()
    const runs = quick ? 100 : 1_000
    const start = performance.now()
    await using interpreters = await openInterpreters(readConfig({ LEARNFLOW_SANDBOX_PROCESSES: processes }))
    await right(interpreters)
    const first = performance.now() - start
    while (interpreters.health().processes < processes) await right(interpreters)
    await many(interpreters, 200, processes)
    progress(`warm, isolated by ${interpreters.health().layers}`)
    const took = await timed(async () => many(interpreters, runs, processes))
    const latencies: number[] = []
    for (let at = 0; at < runs / 10; at += 1) latencies.push(await timed(async () => right(interpreters)))
    progress('rate and latencies measured')
    const limits = await overLimit(interpreters)
    const figures = {
      processes,
      first_answer_ms: Math.round(first),
      fresh_runs_per_second: Math.round((runs * 1_000) / took),
      p50_ms: tenth(quantile(latencies, 0.5)),
      p95_ms: tenth(quantile(latencies, 0.95)),
      ...limits,
      recovery_ms: Math.round(await recovery()),
    }
    return {
      figures,
      ok:
        figures.fresh_runs_per_second >= 100 &&
        figures.loop_over_limit_ms <= 500 &&
        figures.c_loop_over_limit_ms <= 500,
    }
  },
}

/**
 * How much longer than its limit a loop runs, one in Python and one in C, and the slowest of fifty small programs
 * submitted at once.
 */
async function overLimit(
  interpreters: Sandbox,
): Promise<Record<'loop_over_limit_ms' | 'c_loop_over_limit_ms' | 'slowest_of_fifty_ms', number>> {
  const over = async (code: string): Promise<number> =>
    Math.round(
      (await timed(async () => ended(interpreters.run({ code, seconds: limitSeconds }), 'timed_out'))) -
        limitSeconds * 1_000,
    )
  const [loop, cLoop] = [await over('while True:\n    pass'), await over('sum(range(10 ** 14))')]
  const fifty = await Promise.all(Array.from({ length: 50 }, async () => timed(async () => right(interpreters))))
  return { loop_over_limit_ms: loop, c_loop_over_limit_ms: cLoop, slowest_of_fifty_ms: Math.round(Math.max(...fifty)) }
}

async function right(interpreters: Sandbox): Promise<void> {
  const { stdout } = await interpreters.run({ code: program })
  if (stdout !== printed) throw new Error(`the sandbox answered ${JSON.stringify(stdout)}`)
}

async function ended(run: Promise<PythonResult>, wanted: PythonResult['ended']): Promise<void> {
  const { ended } = await run
  if (ended !== wanted) throw new Error(`ended ${ended}, not ${wanted}`)
}

async function many(interpreters: Sandbox, runs: number, width: number): Promise<void> {
  await inParallel(
    Array.from({ length: runs }, () => async () => right(interpreters)),
    width,
  )
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Uses a single process, so that no other can take the next run. */
async function recovery(): Promise<number> {
  const before = new Set(await interpreterProcesses())
  await using interpreters = await openInterpreters(readConfig({ LEARNFLOW_SANDBOX_PROCESSES: 1 }))
  await right(interpreters)
  const victim = (await interpreterProcesses()).find(pid => !before.has(pid))
  if (victim === undefined) throw new Error('the interpreter process was not found; this measure needs Linux')
  const run = right(interpreters)
  process.kill(victim, 'SIGKILL')
  return await timed(async () => run)
}

/** The interpreter processes of every sandbox that this process opened, found as its children; Linux only. */
export async function interpreterProcesses(): Promise<number[]> {
  const text = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}
