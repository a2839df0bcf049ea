import { ExerciseFile } from '../schemas/exercise.ts'
import type * as z from 'zod'
import type { Exercise } from './exercise/parse-exercise.ts'

/** An exercise for a test, of kind `function` by default. */
export function exerciseOf(parts: Partial<z.input<typeof ExerciseFile>>): Exercise {
  return ExerciseFile.parse({
    id: 'made-up',
    title: 'Made up',
    version: 1,
    module: 'basics',
    level: 'easy',
    kind: 'function',
    concepts: ['testing'],
    statement: 'Do it.',
    reference: 'pass',
    tests: [{ call: '1', expect: '1' }],
    ...parts,
  })
}
