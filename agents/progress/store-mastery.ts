import { type Insertable, sql, type Transaction } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'

/** The newest computation wins, in whatever order they arrive. */
export async function storeMastery(trx: Transaction<Tables>, row: Insertable<Tables['mastery']>): Promise<void> {
  await trx
    .insertInto('mastery')
    .values(row)
    .onConflict(conflict =>
      conflict
        .columns(['student_id', 'module'])
        .doUpdateSet(row)
        .where('mastery.computed_at', '<=', sql<Date>`excluded.computed_at`),
    )
    .execute()
}
