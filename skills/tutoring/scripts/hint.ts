import * as z from 'zod'
import { refusalOf } from '../../../api/client.ts'
import { Hint } from '../../../schemas/api-hints.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { student } from '../fields.ts'
import { programFrom } from '../program.ts'

const hint = defineScript({
  about: 'Gives the next hint for a wrong program: a nudge, where, what, then code. What was told stays told: no undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    exercise: ExerciseId.describe('which exercise').meta({ positional: true }),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('the file of the program; else what was handed in last')
      .meta({ path: true }),
    level: z.int().min(1).max(4).optional().describe('a hint to read again'),
    student,
  }),
  output: Hint.nullable(),
  async run({ exercise, file, level = null, student: wanted }, { config, dryRun }) {
    const { id, client } = await callerAs(config, wanted)
    const code = file === undefined ? null : await programFrom(file)
    if (dryRun)
      return { changed: 1, summary: `a hint for ${id}`, data: null, plan: [`tell ${id} the next hint for ${exercise}`] }
    const reply = await client.raw('POST', `/api/v1/exercises/${exercise}/hints`, { body: { code, level } })
    if (reply.status >= 400) throw refusalOf(reply)
    const data = Hint.parse(reply.body)
    return { changed: 1, summary: data.level === null ? data.text : `hint ${data.level} of 4: ${data.text}`, data }
  },
})
export default hint
if (import.meta.main) await runAsMain(import.meta, hint)
