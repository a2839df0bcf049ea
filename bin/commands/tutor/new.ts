import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../../platform/errors.ts'
import { ExerciseId } from '../../../schemas/words.ts'
import { newExerciseText, newReference } from '../../../tutor/exercise/new-exercise.ts'
import { fileName } from '../../../tutor/exercise/parse-exercise.ts'
import { type Output, report } from './io.ts'

/** Writes the folder of a new exercise. */
export async function newExercise(id: string, options: Output): Promise<void> {
  if (!ExerciseId.safeParse(id).success)
    throw new PlatformError('INVALID_INPUT', `${id} is no id of an exercise`, {
      hint: 'Small letters, digits and hyphens, like average-score.',
    })
  if (existsSync(id))
    throw new PlatformError('INVALID_INPUT', `${id} is there already`, { hint: 'Choose another id or folder.' })
  await mkdir(id)
  await writeFile(join(id, fileName), newExerciseText(id))
  await writeFile(join(id, 'reference.py'), newReference)
  const path = join(id, fileName)
  report({ path }, options, false, () => `${path} is written; after a change: learnflow tutor check ${id}`)
}
