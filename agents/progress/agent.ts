import { type Kysely, sql } from 'kysely'
import { masteryUpdated } from '../../schemas/events.ts'
import { masteryKey } from '../../schemas/state-keys.ts'
import { PlatformError } from '../../platform/errors.ts'
import type { StateStore } from '../../platform/ports/state-store.ts'
import type { Tables } from '../../platform/history/tables.ts'
import { defineAgent } from '../agent.ts'
import type { Mastery } from '../../tutor/mastery/mastery.ts'
import { masteryOf } from './mastery.ts'
import { storeMastery } from './store-mastery.ts'

/** The value under a mastery key of the state store; `computed_at` orders the writers. */
export type StoredMastery = Mastery & { computed_at: string }

/**
 * Recomputes the mastery of the graded module from the history, and stores it in the state store for reading and in the
 * history as the record.
 */
export default defineAgent({
  name: 'progress',
  concurrency: 4,
  insteadOfAnAnswer: 'GET /api/v1/agents/progress/mastery/{student_id} shows your progress.',
  consumes: {
    'submission.graded': async ({ id, subject, data, traceparent }, { history, state, bank }) => {
      const asOf = await nowOf(history.db)
      const mastery = await masteryOf(history.db, bank, subject, data.module, asOf)
      if (mastery === undefined) return {} // The student was erased meanwhile.
      return {
        write: async trx =>
          storeMastery(trx, {
            student_id: subject,
            ...mastery,
            components: JSON.stringify(mastery.components),
            computed_at: asOf,
          }),
        events: [masteryUpdated.of(subject, mastery, { key: [id], source: '/agents/progress', traceparent })],
        // Writes to the state store only after the commit, which only the lane's holder reaches.
        afterwards: async () =>
          keepNewest(state, masteryKey(subject, data.module), { ...mastery, computed_at: asOf.toISOString() }),
      }
    },
  },
})

/**
 * The database's clock rounded up to the ms, so that no grade of this moment is left out, whatever this machine's clock
 * shows.
 */
async function nowOf(db: Kysely<Tables>): Promise<Date> {
  const { rows } = await sql<{
    ms: number | string
  }>`select ceil(extract(epoch from clock_timestamp()) * 1000) as ms`.execute(db)
  return new Date(Number(rows[0]?.ms))
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
