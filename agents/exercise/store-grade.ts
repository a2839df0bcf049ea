import type { Insertable, Transaction } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'

/** There is one grade per submission and exercise version, so storing a second one changes nothing. */
export async function storeGrade(trx: Transaction<Tables>, grade: Insertable<Tables['grade']>): Promise<void> {
  await trx
    .insertInto('grade')
    .values(grade)
    .onConflict(conflict => conflict.doNothing())
    .execute()
}
