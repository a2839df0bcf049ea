import { type Kysely, sql, type Transaction } from 'kysely'
import { actorFields, type StudentTable, studentTables } from './student-tables.ts'
import type { Tables } from './tables.ts'

/**
 * Deletes every row of a student and puts `nameless` where they acted on rows that stay. Deleting the lanes makes
 * workers lose their claims. Returns how many rows were deleted, by table.
 */
export async function eraseRows(
  trx: Transaction<Tables>,
  studentId: string,
  nameless: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name, of } of await studentTables(trx)) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(name)} where ${of(studentId)}`.execute(trx)
    counts[name] = Number(numAffectedRows)
  }
  await trx.updateTable('audit').set({ detail: '{}' }).where('subject', '=', studentId).execute()
  for (const { name, column } of await actorFields(trx))
    await sql`update ${sql.table(name)} set ${sql.ref(column)} = ${nameless} where ${sql.ref(column)} = ${studentId}`.execute(
      trx,
    )
  return counts
}

/** Every id of a student in these tables. */
export async function idsIn(db: Kysely<Tables>, tables: readonly StudentTable[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const { name, columns } of tables)
    for (const column of columns) {
      const { rows } = await sql<{ id: string }>`
        select distinct ${sql.ref(column)} as id from ${sql.table(name)}`.execute(db)
      for (const { id } of rows) ids.add(id)
    }
  return [...ids]
}
