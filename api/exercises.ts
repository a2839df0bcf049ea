import * as z from 'zod'
import { ExerciseList, ExerciseView } from '../schemas/api.ts'
import { ExerciseFile } from '../schemas/exercise.ts'
import { distance } from '../schemas/distance.ts'
import { isSynthetic, modules } from '../schemas/words.ts'
import { PlatformError } from '../platform/errors.ts'
import { type ExerciseBank, probeExerciseId } from '../tutor/exercise/bank.ts'
import type { App, Context } from './context.ts'

const maxNamed = 3

/** The routes for exercises, which leave out everything that would reveal a solution. */
export function exerciseRoutes(app: App, { bank }: Context): void {
  const tags = ['exercises']
  const Filter = z.strictObject({ module: z.enum(modules).optional(), level: ExerciseFile.shape.level.optional() })
  app.get(
    '/api/v1/exercises',
    { schema: { tags, summary: 'The exercises', querystring: Filter, response: { 200: ExerciseList } } },
    async ({ query }) => {
      const exercises = bank
        .list()
        .filter(one => (query.module ?? one.module) === one.module && (query.level ?? one.level) === one.level)
      return {
        bank_version: bank.version,
        exercises: exercises.map(({ id, title, version, module, level, kind, concepts }) => ({
          id,
          title,
          version,
          module,
          level,
          kind,
          concepts,
        })),
      }
    },
  )
  app.get(
    '/api/v1/exercises/:id',
    {
      schema: {
        tags,
        summary: 'One exercise',
        params: z.object({ id: z.string().max(64) }),
        response: { 200: ExerciseView },
      },
    },
    async ({ params }) => viewOf(await exerciseOf(bank, params.id)),
  )
}

/** What a student may see of an exercise: no reference, alternatives, mistakes, generators or hidden tests. */
function viewOf(exercise: ExerciseFile): z.infer<typeof ExerciseView> {
  const { id, title, version, module, level, kind, concepts, statement, entry, rules, limits } = exercise
  const { import_as, prelude, helpers } = exercise
  const tests = exercise.tests.filter(test => test.hidden !== true)
  return {
    id,
    title,
    version,
    module,
    level,
    kind,
    concepts,
    statement,
    entry,
    tests,
    limits,
    ...(import_as === undefined ? {} : { import_as }),
    ...(prelude === undefined ? {} : { prelude }),
    ...(helpers === undefined ? {} : { helpers }),
    ...(rules === undefined ? {} : { rules }),
  }
}

/**
 * The newest version of an exercise. For synthetic students the probe exercise is found even when the bank does not
 * list it. @throws NOT_FOUND with the nearest ids.
 */
export async function exerciseOf(bank: ExerciseBank, id: string, student = ''): Promise<ExerciseFile> {
  if (id === probeExerciseId && isSynthetic(student)) return bank.get(id)
  const has = (): boolean => bank.list().some(exercise => exercise.id === id)
  if (!has()) await bank.refresh()
  if (has()) return bank.get(id)
  const all = bank.list().map(exercise => exercise.id)
  const near = all.toSorted((one, other) => distance(one, id) - distance(other, id)).slice(0, maxNamed)
  throw new PlatformError('NOT_FOUND', `there is no exercise ${id}`, {
    hint: `Nearest: ${near.join(', ')}. GET /api/v1/exercises lists all.`,
  })
}
