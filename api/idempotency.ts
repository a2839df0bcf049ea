import { createHash } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'

const lockSeconds = 5
/** How long a stored answer is kept for its key. */
export const keptDays = 8

/** A call with its student, its key and its exact body. */
export interface KeyedCall {
  studentId: string
  key: string
  body: unknown
}

interface KeyedResponse<T> {
  response: T
  /** True when this is the stored answer of an earlier, equal call. */
  replayed: boolean
}

/**
 * Serialises the acceptance of one student's requests until the transaction ends, with every driver, so that attempts
 * count in the order of acceptance.
 * @throws IN_FLIGHT when another call of the student holds the lock for more than 5 s.
 */
export async function lockStudent(trx: Transaction<Tables>, studentId: string): Promise<void> {
  try {
    // Sets the deadline before it waits for the lock, because the values of one row are computed in order.
    await sql`select set_config('lock_timeout', ${`${lockSeconds}s`}, true),
      pg_advisory_xact_lock(hashtextextended(${studentId}, 0))`.execute(trx)
  } catch (cause) {
    if ((cause as { code?: string }).code !== '55P03') throw cause
    throw new PlatformError('IN_FLIGHT', 'an earlier call of this student is still being accepted', {
      hint: 'Repeat it with the same Idempotency-Key.',
      cause,
    })
  }
}

/** The stored answer of an equal earlier call; undefined without one. @throws KEY_REUSED when the key was used for another body. */
export async function storedAnswer<T>(
  db: Kysely<Tables>,
  { studentId, key, body }: KeyedCall,
): Promise<{ response: T } | undefined> {
  const known = await db
    .selectFrom('idempotency_key')
    .select(['body_hash', 'response'])
    .where('student_id', '=', studentId)
    .where('key', '=', key)
    .where('created_at', '>=', sql<Date>`now() - make_interval(days => ${keptDays})`)
    .executeTakeFirst()
  if (known === undefined) return undefined
  if (known.body_hash !== hashOf(body))
    throw new PlatformError('KEY_REUSED', `the Idempotency-Key ${key} was used for another body`, {
      hint: 'Use a new key for a new call; the same key repeats the same one.',
    })
  return { response: known.response as T }
}

const hashOf = (body: unknown): string => createHash('sha256').update(JSON.stringify(body)).digest('hex')

/**
 * The stored answer of an equal earlier call, or else the answer of `make`, which is stored. Needs the student's lock.
 * @throws KEY_REUSED when the key was used for another body.
 */
export async function answerOnce<T>(
  trx: Transaction<Tables>,
  call: KeyedCall,
  make: () => Promise<T>,
): Promise<KeyedResponse<T>> {
  const known = await storedAnswer<T>(trx, call)
  if (known !== undefined) return { ...known, replayed: true }
  const response = await make()
  const stored = { status: 202, response: JSON.stringify(response), created_at: sql<Date>`now()` }
  const answer = { body_hash: hashOf(call.body), ...stored }
  // An expired answer of this key may still be stored.
  await trx
    .insertInto('idempotency_key')
    .values({ student_id: call.studentId, key: call.key, ...answer })
    .onConflict(conflict => conflict.columns(['student_id', 'key']).doUpdateSet(answer))
    .execute()
  return { response, replayed: false }
}
