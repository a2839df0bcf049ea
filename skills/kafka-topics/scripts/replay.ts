import * as z from 'zod'
import { countByCode, readLetters } from '../../../platform/log/dead-letters.ts'
import { replayLetters, sortForReplay } from '../../../platform/log/replay-letters.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { countsLine, filterOf, operatorName, selection } from '../letters.ts'

const replay = defineScript({
  about: 'Gives dead letters to the agent that refused them, once their cause is fixed.',
  effect: 'changes',
  needs: ['log', 'history'],
  input: z.object(selection),
  output: z.object({
    replayed: z.number().int(),
    by_code: z.record(z.string(), z.number().int()),
    refused: z.array(z.object({ letter: z.string(), reason: z.string() })),
  }),
  async run(wanted, { log, history, dryRun }) {
    const { good, bad } = sortForReplay(await readLetters({ log, history }, filterOf(wanted, 'waiting')))
    const done = dryRun ? good : await replayLetters(history, good, operatorName())
    const counts = done.length === 0 ? '' : `: ${countsLine(done)}`
    const left = bad.length === 0 ? '' : `; ${bad.length} would be refused again: learnflow kafka-topics discard`
    return {
      changed: done.length,
      summary: `dead letters replayed ${done.length}${counts}${left}`,
      data: {
        replayed: done.length,
        by_code: countByCode(done),
        refused: bad.map(({ letter: { letter }, reason }) => ({ letter, reason })),
      },
      plan: good.map(({ letter }) => `replay ${letter}`),
    }
  },
})
export default replay
if (import.meta.main) await runAsMain(import.meta, replay)
