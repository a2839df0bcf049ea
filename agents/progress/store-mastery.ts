import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { PlatformError } from '../../platform/errors.ts'
import type { StateStore } from '../../platform/ports/state-store.ts'
import { masteryKey, type StoredMastery } from '../../schemas/state-keys.ts'
import type { Tables } from '../../platform/history/tables.ts'

/** The newest computation wins, in whatever order they arrive. */
export async function storeMastery(trx: Transaction<Tables>, row: Insertable<Tables['mastery']>): Promise<void> {
  await trx
    .insertInto('mastery')
    .values(row)
    .onConflict(conflict =>
      conflict
        .columns(['student_id', 'module'])
        .doUpdateSet({ ...row, in_state: false })
        .where('mastery.computed_at', '<=', sql<Date>`excluded.computed_at`),
    )
    .execute()
}

/** How many are written to the state store in one go. */
const batch = 500

/** In seconds: by then the worker that computed it has written it, or failed to. */
const settled = 5

/**
 * Writes what the state store lacks, from the history: a worker that ended between its commit and the write, or could
 * not reach the store, left it. Returns how many were written.
 * @throws DEPENDENCY_DOWN when the store or the history does not answer.
 */
export async function writeMissing(db: Kysely<Tables>, state: StateStore): Promise<number> {
  for (let written = 0; ; written += batch) {
    const rows = await db
      .selectFrom('mastery')
      .select(['student_id', 'module', 'mastery', 'level', 'components', 'bank_version', 'computed_at'])
      .where('in_state', '=', false)
      .where('computed_at', '<', sql<Date>`now() - make_interval(secs => ${settled})`)
      .orderBy('computed_at')
      .limit(batch)
      .execute()
    for (const row of rows) await keepInState(db, state, row)
    if (rows.length < batch) return written + rows.length
  }
}

/** Writes one computation to the state store and notes in the history that it stands there. */
export async function keepInState(
  db: Kysely<Tables>,
  state: StateStore,
  { student_id, computed_at, ...mastery }: Omit<Selectable<Tables['mastery']>, 'in_state'>,
): Promise<void> {
  const stored = { ...mastery, computed_at: computed_at.toISOString() } as StoredMastery
  await keepNewest(state, masteryKey(student_id, mastery.module), stored)
  await db
    .updateTable('mastery')
    .set({ in_state: true })
    .where('student_id', '=', student_id)
    .where('module', '=', mastery.module)
    .where('computed_at', '=', computed_at)
    .execute()
}

/** Writes unless the store holds a newer computation, so that a stalled worker cannot overwrite a newer value. */
export async function keepNewest(state: StateStore, key: string, next: StoredMastery): Promise<void> {
  for (;;) {
    const known = await state.get<StoredMastery>(key)
    if (known !== undefined && known.value.computed_at > next.computed_at) return
    try {
      return await state.set(key, next, { etag: known?.etag ?? null })
    } catch (error) {
      if (!(error instanceof PlatformError && error.code === 'CONFLICT')) throw error
    }
  }
}
