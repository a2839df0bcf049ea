import * as z from 'zod'
import { readLetters } from '../../../platform/log/dead-letters.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { Letter } from '../../../schemas/dead-letter.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { selection } from '../letters.ts'

const deadLetter = defineScript({
  about: 'Shows one dead letter: the refused record, why, and what has become of it.',
  effect: 'reads',
  quotes: true,
  needs: ['log', 'history'],
  input: z.object({ letter: selection.letter.unwrap().meta({ positional: true }) }),
  output: Letter,
  async run({ letter }, ports) {
    const [found] = await readLetters(ports, { letter })
    if (found === undefined)
      throw new PlatformError('NOT_FOUND', `there is no dead letter ${letter}`, {
        hint: 'learnflow kafka-topics dead-letters',
      })
    const { code, message, state, changed_by, time } = found
    const fate = changed_by === undefined ? state : `${state} by ${changed_by}`
    return { summary: `${fate}, refused ${time}: ${code} ${message.slice(0, 80)}`, data: found }
  },
})
export default deadLetter
if (import.meta.main) await runAsMain(import.meta, deadLetter)
