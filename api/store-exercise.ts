import { isDeepStrictEqual } from 'node:util'
import { sql, type Transaction } from 'kysely'
import type * as z from 'zod'
import type { ExerciseRequest } from '../schemas/api.ts'
import type { Tables } from '../platform/history/tables.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import type { Caller } from './auth.ts'
import { mustOwn, noteIn } from './exercise-versions.ts'

/** An exercise with the file that it was read from. */
export interface StoredExercise {
  exercise: Exercise
  source: z.infer<typeof ExerciseRequest>
}

/** What became of an exercise: it is new, was retired and is back, or stood already. */
export type Stored = 'created' | 'restored' | 'unchanged'

/**
 * Stores a proven exercise, or brings an identical one back.
 * @throws CONFLICT, FORBIDDEN as `mayAdd`
 */
export async function storeExercise(
  trx: Transaction<Tables>,
  listed: readonly Exercise[],
  author: Caller,
  { exercise, source }: StoredExercise,
): Promise<Stored> {
  // Another author may have added the same version since it was checked.
  if ((await mayAdd(trx, listed, author, exercise)) === 'same') {
    const brought = await trx
      .updateTable('exercise')
      .set({ retired_at: null })
      .where('exercise_id', '=', exercise.id)
      .where('retired_at', 'is not', null)
      .execute()
    if (brought.every(({ numUpdatedRows }) => numUpdatedRows === 0n)) return 'unchanged'
    await noteIn(trx, author, 'exercise.restore', exercise.id, { version: exercise.version })
    return 'restored'
  }
  const row = { exercise_id: exercise.id, version: exercise.version, owner: author.sub }
  await trx
    .insertInto('exercise')
    .values({ ...row, source: JSON.stringify(source), exercise: JSON.stringify(exercise) })
    .execute()
  await noteIn(trx, author, 'exercise.add', exercise.id, { version: exercise.version })
  return 'created'
}

/**
 * `same` when the newest stored version is identical.
 * @throws CONFLICT when the id or the version is taken, FORBIDDEN when it belongs to another teacher.
 */
export async function mayAdd(
  trx: Transaction<Tables>,
  listed: readonly Exercise[],
  author: Caller,
  exercise: Exercise,
): Promise<'new' | 'same'> {
  const { id, version } = exercise
  await sql`select pg_advisory_xact_lock(hashtextextended(${`exercise ${id}`}, 0))`.execute(trx)
  const rows = await trx
    .selectFrom('exercise')
    .select(['version', 'owner', 'exercise'])
    .where('exercise_id', '=', id)
    .orderBy('version', 'desc')
    .execute()
  const [newest] = rows
  if (newest === undefined) {
    if (!listed.some(one => one.id === id)) return 'new'
    throw new PlatformError('CONFLICT', `${id} is an exercise of the bank itself`, { hint: 'Choose another id.' })
  }
  mustOwn(author, newest.owner, id)
  if (newest.version === version && isSame(newest.exercise, exercise)) return 'same'
  if (version > newest.version) return 'new'
  throw new PlatformError(
    'CONFLICT',
    `version ${version} of ${id} is not newer than version ${newest.version}, which stands`,
    {
      hint: `Set version: ${newest.version + 1}.`,
    },
  )
}

/** Whether a stored exercise is this one; a database may change the order of JSON keys. */
function isSame(stored: unknown, exercise: Exercise): boolean {
  return isDeepStrictEqual(stored, JSON.parse(JSON.stringify(exercise)))
}
