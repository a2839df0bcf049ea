import { isDeepStrictEqual } from 'node:util'
import type { Kysely } from 'kysely'
import type { StateStore, Versioned } from '../../platform/ports/state-store.ts'
import type { Tables } from '../../platform/history/tables.ts'
import { masteryKey, type StoredMastery } from '../../schemas/state-keys.ts'

/** One key whose stored value differs from the history; `stored` is undefined when the key is missing. */
export interface Difference {
  key: string
  student: string
  module: Tables['mastery']['module']
  wanted: StoredMastery
  stored: Versioned<unknown> | undefined
}

/** How many keys are read at once. */
const atOnce = 64

interface Row {
  student_id: string
  module: Tables['mastery']['module']
  mastery: number
  level: string
  components: unknown
  bank_version: string
  computed_at: Date
}

function wantedOf({ module, mastery, level, components, bank_version, computed_at }: Row): StoredMastery {
  return { module, mastery, level, components, bank_version, computed_at: computed_at.toISOString() } as StoredMastery
}

/** Compares every mastery of the history with the state, by key. */
export async function compareState(
  db: Kysely<Tables>,
  state: StateStore,
  signal: AbortSignal,
): Promise<{ keys: number; differences: Difference[] }> {
  const rows: Row[] = await db
    .selectFrom('mastery')
    .select(['student_id', 'module', 'mastery', 'level', 'components', 'bank_version', 'computed_at'])
    .orderBy('student_id')
    .orderBy('module')
    .execute()
  const differences: Difference[] = []
  for (let at = 0; at < rows.length; at += atOnce) {
    signal.throwIfAborted()
    const some = await Promise.all(rows.slice(at, at + atOnce).map(async row => differenceOf(row, state)))
    differences.push(...some.filter(difference => difference !== undefined))
  }
  return { keys: rows.length, differences }
}

async function differenceOf(row: Row, state: StateStore): Promise<Difference | undefined> {
  const key = masteryKey(row.student_id, row.module)
  const stored = await state.get<unknown>(key)
  const wanted = wantedOf(row)
  return isDeepStrictEqual(stored?.value, wanted)
    ? undefined
    : { key, student: row.student_id, module: row.module, wanted, stored }
}

/**
 * Compares the same key once more, after a running agent had time to write both places; undefined when they agree now.
 */
export async function compareAgain(
  { student, module }: Difference,
  db: Kysely<Tables>,
  state: StateStore,
): Promise<Difference | undefined> {
  const row: Row | undefined = await db
    .selectFrom('mastery')
    .select(['student_id', 'module', 'mastery', 'level', 'components', 'bank_version', 'computed_at'])
    .where('student_id', '=', student)
    .where('module', '=', module)
    .executeTakeFirst()
  return row === undefined ? undefined : differenceOf(row, state)
}
