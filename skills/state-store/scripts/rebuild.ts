import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { PlatformError } from '../../../platform/errors.ts'
import type { StateStore } from '../../../platform/ports/state-store.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { compareAgain, compareState, type Difference } from '../compare.ts'

const settleMs = 500
const planned = 20

const rebuild = defineScript({
  about:
    'Writes every mastery into the state as the history says, and proves that they are equal. It can be ' +
    'repeated and needs no undo.',
  effect: 'changes',
  needs: ['state', 'history'],
  input: z.object({}),
  output: z.object({ keys: z.number().int(), written: z.number().int() }),
  async run(_input, { state, history, dryRun, progress, signal }) {
    const { keys, differences } = await compareState(history.db, state, signal)
    const plan = differences
      .slice(0, planned)
      .map(({ key, stored }) => `${stored === undefined ? 'write' : 'overwrite'} ${key}`)
    if (differences.length > planned) plan.push(`and ${differences.length - planned} more`)
    if (dryRun)
      return {
        changed: differences.length,
        summary: `write ${differences.length} of ${keys} mastery keys`,
        data: { keys, written: 0 },
        plan,
      }
    // A running agent writes both places one after the other, so a difference that disappears by itself is left alone.
    if (differences.length > 0) await sleep(settleMs, undefined, { signal })
    let written = 0
    for (const difference of differences) {
      signal.throwIfAborted()
      if (await write(await compareAgain(difference, history.db, state), state)) written += 1
      if (written % 1_000 === 999) progress(`${written + 1} of ${differences.length} written`)
    }
    const left = (await compareState(history.db, state, signal)).differences
    const unfixable = await Promise.all(
      left.map(async difference => (await sleep(settleMs), compareAgain(difference, history.db, state))),
    )
    const wrong = unfixable.filter(difference => difference !== undefined)
    if (wrong.length > 0)
      throw new PlatformError('CONFLICT', `${counted(wrong.length, 'key')} changed while they were written`, {
        hint: 'Run it again.',
      })
    return {
      changed: written,
      summary: `mastery keys written ${written}, kept ${keys - written}; state equals history`,
      data: { keys, written },
    }
  },
})

/**
 * Whether it was written; a value that another writer changed meanwhile is left alone and compared once more at the
 * end.
 */
async function write(difference: Difference | undefined, state: StateStore): Promise<boolean> {
  if (difference === undefined) return false
  try {
    await state.set(difference.key, difference.wanted, { etag: difference.stored?.etag ?? null })
    return true
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'CONFLICT') return false
    throw error
  }
}
export default rebuild
if (import.meta.main) await runAsMain(import.meta, rebuild)
