import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../../platform/errors.ts'
import type { Problem } from '../../platform/positions.ts'
import { type Exercise, faulty, fileName, readExerciseOrProblems } from './read.ts'

/** The exercises that this platform has; `list` holds the newest version of each. */
export interface ExerciseBank {
  /** Changes whenever any exercise does. */
  readonly version: string
  list(): readonly Exercise[]
  /**
   * The exercise in that version if it is kept, else in the newest: a grade carries the version it was judged under.
   * @throws NOT_FOUND
   */
  get(id: string, version?: number): Exercise
  /** The same, after a look whether that version was added meanwhile. @throws NOT_FOUND, DEPENDENCY_DOWN */
  find(id: string, version?: number): Promise<Exercise>
  /** Looks what was added or retired. @throws DEPENDENCY_DOWN */
  refresh(): Promise<void>
}

export const bankFolder = join(import.meta.dirname, 'bank')

/**
 * Reads every exercise of a folder of folders, sorted by id.
 * @throws EXERCISE_FAULTY with the mistakes of all of them, NOT_FOUND when a folder holds none.
 */
export async function openBank(folder = bankFolder): Promise<ExerciseBank> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new PlatformError('NOT_FOUND', `there is no exercise bank at ${folder}`, { hint: 'A bank is a folder with one folder per exercise.', cause })
  })
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  const problems: Problem[] = []
  const exercises = new Map<string, Exercise>()
  const readings = await Promise.all(names.toSorted().map(async name => ({ name, read: await readExerciseOrProblems(join(folder, name)) })))
  for (const { name, read } of readings) {
    if ('problems' in read) problems.push(...read.problems)
    else if (read.exercise.id !== name)
      problems.push({ path: join(folder, name, fileName), line: 1, message: `id ${read.exercise.id} is not the name of its folder` })
    else exercises.set(name, read.exercise)
  }
  if (problems.length > 0) throw faulty(problems)
  const list = [...exercises.values()]
  const get = (id: string): Exercise => {
    const exercise = exercises.get(id)
    if (exercise === undefined) throw new PlatformError('NOT_FOUND', `there is no exercise ${id}`, { hint: 'learnflow exercises lists them.' })
    return exercise
  }
  return {
    version: createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 12),
    list: () => list,
    get,
    find: async id => get(id),
    refresh: async () => {},
  }
}
