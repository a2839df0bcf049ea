import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { masteryKey } from '../../../schemas/state-keys.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { count, judged, Latency, latencyOf, timesOf } from '../measure.ts'

const limitMs = { read: 5, write: 10 }

const state = defineScript({
  about:
    'Measures reads and writes of the state store, one at a time and without a sidecar; promised p95: 5 ms and 10 ms. ' +
    'What it writes it deletes.',
  effect: 'reads',
  needs: ['platform', 'state'],
  input: z.object({ count: count(500, 20_000) }),
  output: z.object({ read: Latency, write: Latency }),
  async run({ count: often }, { state: store, signal }) {
    const key = masteryKey(`synthetic-${randomBytes(6).toString('hex')}`, 'basics')
    try {
      const write = latencyOf(await timesOf(often, async at => store.set(key, { at }), signal))
      const read = latencyOf(await timesOf(often, async () => found(await store.get(key)), signal))
      return judged(`p95 one at a time, without a sidecar: read ${read.p95}, write ${write.p95}`, { read, write }, [
        { name: 'read p95', measured: read.p95, limit: limitMs.read },
        { name: 'write p95', measured: write.p95, limit: limitMs.write },
      ])
    } finally {
      await store.delete(key)
    }
  },
})

function found(value: unknown): void {
  if (value === undefined)
    throw new PlatformError('CHECK_FAILED', 'the state store lost what was just written', {
      hint: 'learnflow incident-triage diagnose',
    })
}
export default state
if (import.meta.main) await runAsMain(import.meta, state)
