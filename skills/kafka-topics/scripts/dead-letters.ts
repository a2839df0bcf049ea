import * as z from 'zod'
import { DeadLetter } from '../../../schemas/dead-letter.ts'
import { defineScript, runAsMain } from '../../script.ts'

const deadLetters = defineScript({
  about: 'Lists the dead letters that were not replayed, oldest first, with code and hint.',
  effect: 'reads',
  needs: ['log'],
  input: z.object({
    limit: z.number().int().min(1).max(1_000).default(50).describe('at most so many, 1-1000'),
    code: z.string().optional().describe('only those with this code'),
  }),
  output: z.object({ letters: z.array(DeadLetter), by_code: z.record(z.string(), z.number().int()) }),
  async run({ limit, code }, { log }) {
    const letters = (await log.deadLetters(limit)).filter(letter => code === undefined || letter.code === code)
    const by_code = Object.fromEntries(
      [...Map.groupBy(letters, letter => letter.code)].map(([name, group]) => [name, group.length]),
    )
    const counts = Object.entries(by_code).map(([name, count]) => `${count} ${name}`)
    const first = letters[0]
    const oldest =
      first === undefined ? '' : `; oldest ${first.group} at ${first.topic}/${first.partition}/${first.offset}`
    return {
      summary: letters.length === 0 ? 'no dead letters' : `${counts.join(', ')}${oldest}`,
      data: { letters, by_code },
    }
  },
})
export default deadLetters
if (import.meta.main) await runAsMain(import.meta, deadLetters)
