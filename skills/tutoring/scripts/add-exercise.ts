import * as z from 'zod'
import { ExerciseAdded } from '../../../schemas/api.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { author, exerciseAt } from '../authoring.ts'
import { callerAsStaff } from '../client.ts'
import { teacher } from '../fields.ts'

const addExercise = defineScript({
  about: 'Adds an exercise, or a newer version of it, once the platform has proven it. `retire-exercise` is the undo.',
  effect: 'changes',
  needs: ['platform'],
  quotes: true,
  input: z.object({
    path: z.string().min(1).describe('its file or folder').meta({ positional: true, path: true }),
    teacher,
  }),
  output: ExerciseAdded.pick({ id: true, version: true, created: true, restored: true, mutants: true }).nullable(),
  async run({ path, teacher }, { config, dryRun }) {
    const [{ client }, body] = [await callerAsStaff(config, teacher), await exerciseAt(path)]
    if (dryRun)
      return { changed: 1, summary: `the exercise of ${path}, if it is new`, data: null, plan: [`add ${path}`] }
    const added = ExerciseAdded.parse(await author(client, 'POST', '/api/v1/exercises', body))
    const { id, version, created, restored, mutants } = added
    const became = created ? 'added' : restored ? 'no longer retired' : 'unchanged'
    return {
      changed: created || restored ? 1 : 0,
      summary: `${id} version ${version}: ${became}, ${mutants.caught} of ${mutants.made} mutants caught`,
      data: added,
    }
  },
})
export default addExercise
if (import.meta.main) await runAsMain(import.meta, addExercise)
