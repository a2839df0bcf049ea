import * as z from 'zod'
import { ExerciseRetired, ExerciseVersions } from '../../../schemas/api.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { author } from '../authoring.ts'
import { callerAsStaff } from '../client.ts'
import { teacher } from '../fields.ts'

const retireExercise = defineScript({
  about: 'Takes an added exercise back; what was handed in for it keeps its grades. `add-exercise` is the undo.',
  effect: 'changes',
  needs: ['platform'],
  input: z.object({
    id: ExerciseId.describe('its id').meta({ positional: true }),
    teacher,
  }),
  output: ExerciseRetired.nullable(),
  async run({ id, teacher }, { config, dryRun }) {
    const { client } = await callerAsStaff(config, teacher)
    const path = `/api/v1/exercises/${encodeURIComponent(id)}`
    const { versions } = ExerciseVersions.parse(await author(client, 'GET', `${path}/versions`))
    const changed = versions.some(({ retired_at }) => retired_at === null) ? 1 : 0
    const plan = changed === 0 ? [] : [`retire ${id}`]
    if (dryRun) return { changed, summary: `the exercise ${id}`, data: null, plan }
    const retired = ExerciseRetired.parse(await author(client, 'DELETE', path))
    return { changed, summary: `${retired.id}: retired; add it again to bring it back`, data: retired, plan }
  },
})
export default retireExercise
if (import.meta.main) await runAsMain(import.meta, retireExercise)
