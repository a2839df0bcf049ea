import * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'
import type { Done } from '../definition.ts'

/** Latencies in milliseconds; `count` measurements. */
export const Latency = z.object({
  count: z.number().int(),
  mean: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
})
export type Latency = z.infer<typeof Latency>

/** A measured value that must stay below a limit, both in milliseconds. */
export interface Promised {
  name: string
  measured: number
  limit: number
}

/** The number of measurements; more of them make p99 more reliable. */
export const count = (preset: number, max: number) =>
  z.number().int().min(10).max(max).default(preset).describe(`how often, 10-${max}`)

/**
 * Runs `once` this often, one after another, and returns how long each took. @throws what `once` throws, so that a
 * missing answer never counts as a time.
 */
export async function timesOf(
  often: number,
  once: (at: number) => Promise<unknown>,
  signal: AbortSignal,
): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < often; at += 1) {
    signal.throwIfAborted()
    const start = performance.now()
    await once(at)
    times.push(performance.now() - start)
  }
  return times
}

/** Percentiles are the nearest rank. */
export function latencyOf(times: readonly number[]): Latency {
  const sorted = times.toSorted((one, other) => one - other)
  const rank = (q: number): number => rounded(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN)
  const mean = rounded(sorted.reduce((sum, time) => sum + time, 0) / sorted.length)
  return { count: sorted.length, mean, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) }
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100

/** p50/p95/p99 in ms. */
export const shown = ({ p50, p95, p99 }: Latency): string => [p50, p95, p99].map(short).join('/')
const short = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms.toFixed(1))

/**
 * The result of a measurement: its facts when every limit holds, and `holds`, what follows from that.
 * @throws CHECK_FAILED naming those that do not.
 */
export function judged<Data>(
  facts: string,
  data: Data,
  promises: readonly Promised[],
  holds = 'as promised',
): Done<Data> {
  const broken = promises.filter(({ measured, limit }) => !(measured < limit))
  if (broken.length === 0) return { summary: `${facts} ms, ${holds}`, data }
  const claims = broken.map(({ name, measured, limit }) => `${name} is ${short(measured)} ms, promised < ${limit} ms`)
  throw new PlatformError('CHECK_FAILED', `${claims.join('; ')}. ${facts} ms`, {
    hint: 'learnflow incident-triage diagnose; is the machine busy with something else?',
  })
}
