import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { openLoop } from '../../../bench/open-loop.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { masteryKey } from '../../../schemas/state-keys.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { count, judged } from '../measure.ts'

const limitMs = { read: 5, write: 10 }
/** What is promised is more than this script measures. */
const belowLimits = `below ${limitMs.read} and ${limitMs.write}; Dapr: learnflow bench local`

/** Latencies in ms from when a call was due; `per_second`: the rate at which calls were really made. */
const AtRate = z.object({
  count: z.number().int(),
  per_second: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
})

const state = defineScript({
  about:
    'Measures reads and writes of the state store at a rate, without a sidecar; promised p95 at 1,000 a second: 5 ms ' +
    'and 10 ms. What it writes it deletes.',
  effect: 'probes',
  needs: ['platform', 'state'],
  input: z.object({
    count: count(1_000, 60_000),
    per_second: z.number().int().min(1).max(5_000).default(1_000).describe('calls a second'),
  }),
  output: z.object({ read: AtRate, write: AtRate }),
  async run({ count: often, per_second }, { state: store, signal }) {
    const key = masteryKey(`synthetic-${randomBytes(6).toString('hex')}`, 'basics')
    const measure = async (call: (at: number) => Promise<unknown>) =>
      atRate(often, per_second, async at => (signal.throwIfAborted(), call(at)))
    try {
      // Connecting is no part of what is promised.
      await store.set(key, { at: 0 })
      const write = await measure(async at => store.set(key, { at }))
      const read = await measure(async () => found(await store.get(key)))
      const rates = `${read.per_second} reads, ${write.per_second} writes a second without a sidecar`
      const limits = [
        { name: 'read p95', measured: read.p95, limit: limitMs.read },
        { name: 'write p95', measured: write.p95, limit: limitMs.write },
      ]
      return judged(`${rates}: p95 ${read.p95}, ${write.p95}`, { read, write }, limits, belowLimits)
    } finally {
      await store.delete(key)
    }
  },
})

async function atRate(
  often: number,
  perSecond: number,
  call: (at: number) => Promise<unknown>,
): Promise<z.infer<typeof AtRate>> {
  const begun: number[] = []
  const { calls, failed, failure, over } = await openLoop(
    { per_second: perSecond, seconds: often / perSecond, warm_seconds: 0 },
    async at => (begun.push(performance.now()), call(at)),
  )
  if (failed > 0)
    throw new PlatformError('CHECK_FAILED', `${failed} of ${calls} calls of the state store failed: ${failure}`, {
      hint: 'learnflow state-store status',
    })
  const seconds = ((begun.at(-1) ?? 0) - (begun[0] ?? 0)) / 1_000
  return {
    count: calls,
    per_second: Math.round((calls - 1) / seconds),
    p50: over.p50_ms,
    p95: over.p95_ms,
    p99: over.p99_ms,
    max: over.max_ms,
  }
}

function found(value: unknown): void {
  if (value === undefined)
    throw new PlatformError('CHECK_FAILED', 'the state store lost what was just written', {
      hint: 'learnflow incident-triage diagnose',
    })
}
export default state
if (import.meta.main) await runAsMain(import.meta, state)
