import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { newExerciseText, newReference } from '../../../tutor/exercise/new-exercise.ts'
import { fileName } from '../../../tutor/exercise/parse-exercise.ts'
import { defineScript, runAsMain } from '../../script.ts'

const newExercise = defineScript({
  about: 'Writes the folder of a small proven exercise, to change and then to add.',
  effect: 'changes',
  input: z.object({
    folder: z
      .string()
      .min(1)
      .describe('a new folder, whose name becomes the id')
      .meta({ positional: true, path: true }),
  }),
  output: z.object({ path: z.string() }),
  async run({ folder }, { dryRun }) {
    const id = ExerciseId.safeParse(basename(resolve(folder)))
    if (!id.success)
      throw new PlatformError('INVALID_INPUT', `${basename(resolve(folder))} is no id of an exercise`, {
        hint: 'Small letters, digits and hyphens, like average-score.',
      })
    const files = { [fileName]: newExerciseText(id.data), 'reference.py': newReference }
    const missing = (await Promise.all(Object.entries(files).map(async one => missingIn(folder, one)))).flat()
    if (!dryRun && missing.length > 0) await mkdir(folder, { recursive: true })
    if (!dryRun) await Promise.all(missing.map(async ([name, text]) => writeFile(join(folder, name), text)))
    const path = join(folder, fileName)
    return {
      changed: missing.length,
      summary: `${path} is written; after a change: learnflow tutor check FOLDER`,
      data: { path },
      plan: missing.map(([name]) => `write ${join(folder, name)}`),
    }
  },
})
export default newExercise
if (import.meta.main) await runAsMain(import.meta, newExercise)

/** The file, unless it is there as it would be written. @throws INVALID_INPUT when it is there and says something else */
async function missingIn(folder: string, [name, text]: readonly [string, string]): Promise<[string, string][]> {
  const path = join(folder, name)
  const there = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new PlatformError('INVALID_INPUT', `${path} cannot be read: ${error.code}`, {
      hint: 'Name a new folder.',
      cause: error,
    })
  })
  if (there !== undefined && there !== text)
    throw new PlatformError('INVALID_INPUT', `${path} is there already`, { hint: 'Choose another folder.' })
  return there === undefined ? [[name, text]] : []
}
