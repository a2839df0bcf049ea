import * as z from 'zod'
import { decide, readLetters, takeBack } from '../../../platform/log/dead-letters.ts'
import { PlatformError } from '../../../platform/errors.ts'
import type { Letter } from '../../../schemas/dead-letter.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { countsLine, filterOf, operatorName, selection } from '../letters.ts'

const discard = defineScript({
  about: 'Discards dead letters that nobody can mend.',
  effect: 'changes',
  needs: ['log', 'history'],
  input: z.object({ ...selection, undo: z.boolean().default(false).describe('let them wait again') }),
  output: z.object({ letters: z.array(z.string()) }),
  async run({ undo, ...wanted }, { log, history, dryRun }) {
    if (Object.values(wanted).every(value => value === undefined))
      throw new PlatformError('INVALID_INPUT', 'which dead letters is not said', {
        hint: 'Name a letter, a code, a group, a student or a time.',
      })
    const found = await readLetters({ log, history }, filterOf(wanted, undo ? 'discarded' : 'waiting'))
    const change = async (): Promise<Letter[]> =>
      undo ? takeBack(history.db, found) : decide(history.db, found, 'discarded', operatorName())
    const changed = dryRun ? found : await change()
    const counts = changed.length === 0 ? '' : `: ${countsLine(changed)}`
    return {
      changed: changed.length,
      summary: `dead letters ${undo ? 'waiting again' : 'discarded'} ${changed.length}${counts}`,
      data: { letters: changed.map(({ letter }) => letter) },
      plan: found.map(({ letter }) => `${undo ? 'let wait' : 'discard'} ${letter}`),
    }
  },
})
export default discard
if (import.meta.main) await runAsMain(import.meta, discard)
