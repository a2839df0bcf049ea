import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { quantile, tenth } from './bench.ts'

/**
 * A load that does not wait for answers: a number of calls per second for a number of seconds, after `warm_seconds`
 * that are not counted.
 */
export const Pace = z.strictObject({
  per_second: z.number().positive(),
  seconds: z.number().positive(),
  warm_seconds: z.number().min(0),
})
export type Pace = z.infer<typeof Pace>

/** JSON has null for NaN, the latency of calls that all failed. */
const milliseconds = z
  .number()
  .nullable()
  .transform(value => value ?? Number.NaN)
/** Milliseconds from when a call was due, so that a stall counts with the whole wait that it causes. */
const Latency = z.strictObject({
  p50_ms: milliseconds,
  p95_ms: milliseconds,
  p99_ms: milliseconds,
  max_ms: milliseconds,
})
export type Latency = z.infer<typeof Latency>

export const LoadResult = z.strictObject({
  pace: Pace,
  calls: z.number(),
  failed: z.number(),
  /** The message of the first failed call. */
  failure: z.string().optional(),
  /** From when the last call was due until the last answer; grows with the backlog. */
  drained_ms: z.number(),
  /** How late the generator itself sent, which is part of the latencies. */
  late_p99_ms: milliseconds,
  /** Until the end of the call, and until each `mark` in it. */
  over: Latency,
  marks: z.record(z.string(), Latency),
})
export type LoadResult = z.infer<typeof LoadResult>

/** One call; `mark` notes how far it has come. It must end by itself, because there is no time limit for it. */
export type Call = (at: number, mark: (name: string) => void) => Promise<unknown>

const hundredth = (value: number): number => Math.round(value * 100) / 100

const latencyOf = (times: readonly number[]): Latency => ({
  p50_ms: hundredth(quantile(times, 0.5)),
  p95_ms: hundredth(quantile(times, 0.95)),
  p99_ms: hundredth(quantile(times, 0.99)),
  max_ms: tenth(times.reduce((max, time) => Math.max(max, time), 0)),
})

/**
 * Sends at equal intervals, whether or not earlier calls were answered. A rejected call counts as a failure and has no
 * latency.
 */
export async function openLoop(pace: Pace, call: Call): Promise<LoadResult> {
  const { per_second, seconds, warm_seconds } = pace
  const [warm, total] = [Math.round(warm_seconds * per_second), Math.round((warm_seconds + seconds) * per_second)]
  const times = { over: [] as number[], late: [] as number[], marks: new Map<string, number[]>() }
  const failures: string[] = []
  const start = performance.now() + 20
  const dueAt = (at: number): number => start + (at * 1_000) / per_second
  const note = (list: number[], at: number): void => void (at >= warm && list.push(performance.now() - dueAt(at)))
  const one = async (at: number): Promise<void> => {
    note(times.late, at)
    try {
      await call(at, name => note(times.marks.get(name) ?? times.marks.set(name, []).get(name) ?? [], at))
      note(times.over, at)
    } catch (error) {
      if (at >= warm) failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  const sent: Promise<void>[] = []
  for (let at = 0; at < total; at += 1) {
    const early = dueAt(at) - performance.now()
    if (early > 0) await sleep(early)
    sent.push(one(at))
  }
  await Promise.all(sent)
  const [failure] = failures
  return {
    pace,
    calls: total - warm,
    failed: failures.length,
    ...(failure === undefined ? {} : { failure }),
    drained_ms: Math.round(performance.now() - dueAt(total - 1)),
    late_p99_ms: hundredth(quantile(times.late, 0.99)),
    over: latencyOf(times.over),
    marks: Object.fromEntries([...times.marks].map(([name, list]) => [name, latencyOf(list)])),
  }
}
