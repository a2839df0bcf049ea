import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import type { Problem } from '../../schemas/positions.ts'
import { type Exercise, faulty, fileName, readExercise, readExerciseOrProblems } from './parse-exercise.ts'

/** The exercises that this platform has; `list` holds the newest version of each. */
export interface ExerciseBank {
  /** Changes whenever any exercise changes. */
  readonly version: string
  /** What is wrong with the exercise files that could not be loaded. */
  readonly faults: readonly Problem[]
  list(): readonly Exercise[]
  /**
   * The exercise in that version if it is kept, else in the newest: a grade carries the version it was judged under.
   * @throws NOT_FOUND
   */
  get(id: string, version?: number): Exercise
  /** Like `get`, but first checks whether that version was added meanwhile. @throws NOT_FOUND, DEPENDENCY_DOWN */
  find(id: string, version?: number): Promise<Exercise>
  /** Loads exercises that were added and drops those that were retired since the last call. @throws DEPENDENCY_DOWN */
  refresh(): Promise<void>
}

/** The bank that comes with LearnFlow. */
export const bankFolder = join(import.meta.dirname, '..', '..', 'exercises', 'bank')

/**
 * The exercise that the platform tests itself with. `get` finds it in every bank; `list` omits it when the bank's
 * folder lacks it.
 */
export const probeExerciseId = 'square'

/**
 * Reads every exercise of a folder of folders, sorted by id. A faulty exercise does not prevent the others from
 * loading.
 * @throws EXERCISE_FAULTY with the mistakes of all of them when none can be read, NOT_FOUND when the folder is missing
 * or empty.
 */
export async function openBank(folder = bankFolder): Promise<ExerciseBank> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw noBank(folder, cause)
  })
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  if (names.length === 0) throw noBank(folder)
  const faults = new Map<string, Problem[]>()
  const exercises = new Map<string, Exercise>()
  const readings = await Promise.all(
    names.toSorted().map(async name => ({ name, read: await readExerciseOrProblems(join(folder, name)) })),
  )
  for (const { name, read } of readings) {
    if ('problems' in read) faults.set(name, read.problems)
    else if (read.exercise.id !== name)
      faults.set(name, [
        {
          path: join(folder, name, fileName),
          line: 1,
          message: `id ${read.exercise.id} is not the name of its folder`,
        },
      ])
    else exercises.set(name, read.exercise)
  }
  const problems = [...faults.values()].flat()
  if (problems.length > 0 && exercises.size === 0) throw faulty(problems)
  const list = [...exercises.values()]
  const found = new Map(exercises)
  if (!faults.has(probeExerciseId) && !found.has(probeExerciseId))
    found.set(probeExerciseId, await readExercise(join(bankFolder, probeExerciseId)))
  const get = (id: string): Exercise => {
    const exercise = found.get(id)
    const hint = faults.has(id)
      ? `Its file is faulty: learnflow tutor check ${id} says where.`
      : 'learnflow exercises lists them.'
    if (exercise === undefined) throw new PlatformError('NOT_FOUND', `there is no exercise ${id}`, { hint })
    return exercise
  }
  return {
    version: createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 12),
    faults: problems,
    list: () => list,
    get,
    find: async id => get(id),
    refresh: async () => {},
  }
}

const noBank = (folder: string, cause?: unknown): PlatformError =>
  new PlatformError('NOT_FOUND', `there are no exercises at ${folder}`, {
    hint:
      'Set LEARNFLOW_EXERCISES to a folder with one folder per exercise, or leave it out to use those of ' +
      'LearnFlow.',
    cause,
  })
