import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { compareAgain, compareState } from '../compare.ts'

/** A running agent writes history and state one after the other; the difference may last this many ms. */
const settleMs = 500

const status = defineScript({
  about: 'Compares every stored mastery with the history; fails when one differs or is missing.',
  effect: 'reads',
  needs: ['state', 'history'],
  input: z.object({}),
  output: z.object({ keys: z.number().int(), differing: z.array(z.string()) }),
  async run(_input, { state, history, signal }) {
    const { keys, differences } = await compareState(history.db, state, signal)
    if (differences.length > 0) await sleep(settleMs, undefined, { signal })
    const again = await Promise.all(differences.map(async difference => compareAgain(difference, history.db, state)))
    const differing = again.filter(difference => difference !== undefined)
    if (differing.length === 0)
      return { summary: `${keys} mastery keys, all as the history says`, data: { keys, differing: [] } }
    const missing = differing.filter(({ stored }) => stored === undefined).length
    throw new PlatformError(
      'CHECK_FAILED',
      `${differing.length} of ${keys} mastery keys are not as the history says, ${missing} of them missing, ` +
        `first ${differing[0]?.key}`,
      {
        hint: 'learnflow state-store rebuild',
      },
    )
  },
})
export default status
if (import.meta.main) await runAsMain(import.meta, status)
