import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { readConfig } from '../../platform/config.ts'
import { openInterpreters } from '../../platform/open.ts'
import type { PythonResult, Sandbox } from '../../platform/ports/sandbox.ts'

export interface SandboxReport {
  processes: number
  layers: string
  /** From nothing to the first answer. */
  first_answer_ms: number
  /** Each run in an interpreter as new, as many at once as there are processes. */
  fresh_runs_per_second: number
  /** One after another, as one student sees it. */
  p50_ms: number
  p95_ms: number
  /** Over its limit, for a loop in Python and one in C. */
  loop_over_limit_ms: number
  c_loop_over_limit_ms: number
  /** From the end of a process that was killed in the middle of a run to the answer of that run by its replacement. */
  recovery_ms: number
  fifty_at_once: { answered: number; slowest_ms: number }
  /** Resident memory of all processes after the first and after the last thousand runs; undefined where there is no /proc. */
  steady: { runs: number; before_mb: number; after_mb: number } | undefined
}

const program = 'def square(n):\n    return n * n\n\nprint([square(n) for n in range(10)])\n'
const printed = '[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\n'
const limitSeconds = 0.5

export interface SandboxBenchOptions {
  processes?: number
  /** For the rate, the latencies are of a tenth of them. */
  runs?: number
  /** For the memory; 0 leaves it out. */
  steadyRuns?: number
}

/** Measures the sandbox alone, through the port. @throws Error when an answer is wrong */
export async function sandboxBench(
  progress: (line: string) => void,
  { processes = availableParallelism(), runs = 1_000, steadyRuns = 10_000 }: SandboxBenchOptions = {},
): Promise<SandboxReport> {
  const start = performance.now()
  await using sandbox = await openInterpreters(readConfig({ LEARNFLOW_SANDBOX_PROCESSES: processes }))
  await right(sandbox)
  const first = performance.now() - start
  while (sandbox.health().processes < processes) await right(sandbox)
  await inParallel(sandbox, 200, processes)
  progress('warm')
  const took = await timed(async () => inParallel(sandbox, runs, processes))
  const latencies: number[] = []
  for (let at = 0; at < runs / 10; at += 1) latencies.push(await timed(async () => right(sandbox)))
  latencies.sort((one, other) => one - other)
  progress('rate and latencies measured')
  const over = async (code: string): Promise<number> =>
    (await timed(async () => ended(sandbox.run({ code, seconds: limitSeconds }), 'timed_out'))) - limitSeconds * 1_000
  const [loop, cLoop] = [await over('while True:\n    pass'), await over('sum(range(10 ** 14))')]
  const slowest: number[] = []
  await Promise.all(Array.from({ length: 50 }, async () => slowest.push(await timed(async () => right(sandbox)))))
  progress('limits measured')
  return {
    processes,
    layers: sandbox.health().layers,
    first_answer_ms: whole(first),
    fresh_runs_per_second: whole((runs * 1_000) / took),
    p50_ms: tenths(latencies[Math.floor(latencies.length * 0.5)] ?? 0),
    p95_ms: tenths(latencies[Math.floor(latencies.length * 0.95)] ?? 0),
    loop_over_limit_ms: whole(loop),
    c_loop_over_limit_ms: whole(cLoop),
    recovery_ms: whole(await recovery()),
    fifty_at_once: { answered: slowest.length, slowest_ms: whole(Math.max(...slowest)) },
    steady: steadyRuns === 0 ? undefined : await steady(sandbox, steadyRuns, processes, progress),
  }
}

async function right(sandbox: Sandbox): Promise<void> {
  const { stdout } = await sandbox.run({ code: program })
  if (stdout !== printed) throw new Error(`the sandbox answered ${JSON.stringify(stdout)}`)
}

async function ended(run: Promise<PythonResult>, wanted: PythonResult['ended']): Promise<void> {
  const { ended } = await run
  if (ended !== wanted) throw new Error(`ended ${ended}, not ${wanted}`)
}

async function inParallel(sandbox: Sandbox, runs: number, width: number): Promise<void> {
  let left = runs
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await right(sandbox)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** One process only, so that no other can step in. */
async function recovery(): Promise<number> {
  const before = new Set(await children())
  await using sandbox = await openInterpreters(readConfig({ LEARNFLOW_SANDBOX_PROCESSES: 1 }))
  await right(sandbox)
  const victim = (await children()).find(pid => !before.has(pid))
  if (victim === undefined) throw new Error('the interpreter process was not found; this measure needs Linux')
  const run = right(sandbox)
  process.kill(victim, 'SIGKILL')
  return await timed(async () => run)
}

async function steady(sandbox: Sandbox, runs: number, width: number, progress: (line: string) => void): Promise<SandboxReport['steady']> {
  const share = Math.min(1_000, runs)
  await inParallel(sandbox, share, width)
  const before = await residentMegabytes()
  for (let done = share; done < runs; done += share) {
    await inParallel(sandbox, share, width)
    progress(`${done + share} runs, ${whole(await residentMegabytes())} MB`)
  }
  return { runs, before_mb: whole(before), after_mb: whole(await residentMegabytes()) }
}

async function children(): Promise<number[]> {
  const text = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

/** Of the interpreter processes. */
async function residentMegabytes(): Promise<number> {
  const sizes = await Promise.all(
    (await children()).map(async pid => Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const whole = (value: number): number => Math.round(value)
const tenths = (value: number): number => Math.round(value * 10) / 10
