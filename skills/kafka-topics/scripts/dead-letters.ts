import * as z from 'zod'
import { countByCode, pageOf, readLetters } from '../../../platform/log/dead-letters.ts'
import { Letter, letterStates } from '../../../schemas/dead-letter.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { countsLine, filterOf, selection } from '../letters.ts'

const { letter: _, ...filters } = selection
const deadLetters = defineScript({
  about: 'Lists dead letters with code and hint, oldest first.',
  effect: 'reads',
  needs: ['log', 'history'],
  input: z.object({
    ...filters,
    synthetic: z.boolean().default(false).describe('of checks'),
    state: z.enum(letterStates).default('waiting').describe('state'),
    limit: z.number().int().min(1).max(1_000).default(50).describe('1-1000'),
    after: z.string().optional().describe('its next'),
  }),
  output: z.object({
    letters: z.array(Letter),
    total: z.number().int().min(0),
    by_code: z.record(z.string(), z.number().int()),
    next: z.string().optional(),
  }),
  async run({ limit, after, state, synthetic, ...wanted }, ports) {
    const all = await readLetters(ports, filterOf(wanted, state, synthetic))
    const { letters, next } = pageOf(all, limit, after)
    const first = letters[0]
    const shown = next === undefined && after === undefined ? '' : `, ${letters.length} shown`
    const what = state === 'waiting' ? '' : `${state} `
    return {
      summary:
        all.length === 0
          ? `no ${what}dead letters`
          : `${what}${countsLine(all)}${shown}${first === undefined ? '' : `; first ${first.letter}`}`,
      data: { letters, total: all.length, by_code: countByCode(all), ...(next === undefined ? {} : { next }) },
    }
  },
})
export default deadLetters
if (import.meta.main) await runAsMain(import.meta, deadLetters)
