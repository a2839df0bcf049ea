import * as z from 'zod'
import { ExerciseSummary } from '../../../schemas/api.ts'
import { modules } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { callerAs } from '../client.ts'
import { limit } from '../fields.ts'

const exercises = defineScript({
  about: 'Lists the exercises of the bank.',
  effect: 'reads',
  needs: ['platform'],
  input: z.object({
    module: z.enum(modules).optional().describe('only of this module'),
    limit: limit(20).describe('shown at most'),
  }),
  output: z.array(ExerciseSummary),
  async run({ module, limit: max }, { config, line }) {
    const { client } = await callerAs(config)
    const { exercises: all } = await client.exercises(module === undefined ? {} : { module })
    const shown = all.slice(0, max)
    for (const { id, module: of, level, title } of shown) line(`${id}  ${of} ${level}  ${title}`)
    return { summary: `${shown.length} of ${all.length} exercises`, data: all }
  },
})
export default exercises
if (import.meta.main) await runAsMain(import.meta, exercises)
