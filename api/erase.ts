import { createHmac } from 'node:crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import type * as z from 'zod'
import type { Erased, StudentExport } from '../schemas/api.ts'
import { masteryKey } from '../schemas/state-keys.ts'
import { modules } from '../schemas/words.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { Caller } from './auth.ts'
import type { Context } from './context.ts'
import { seesHidden, shownTests } from './state.ts'
import { seesAll, visibleSubmissions } from './visibility.ts'
import { lockStudent } from './idempotency.ts'
import { studentTables } from './student-tables.ts'

type GradeTests = Pick<Selectable<Tables['grade']>, 'tests' | 'smallest_failing'>

/**
 * All rows of the history and the state about a student, by table; for a teacher, only what was handed in for their
 * classes. The event log, which keeps copies of the student's events for its retention (7 days), is not included.
 */
export async function exportStudent(
  { ports }: Context,
  studentId: string,
  caller: Caller,
): Promise<z.infer<typeof StudentExport>> {
  const { db } = ports.history
  const tables: Record<string, Record<string, unknown>[]> = {}
  const read = async (table: string, where: ReturnType<typeof sql>): Promise<void> => {
    const { rows } = await sql<{
      row: Record<string, unknown>
    }>`select to_jsonb(t) as row from ${sql.table(table)} t where ${where}`.execute(db)
    tables[table] = rows.map(({ row }) => row)
  }
  const all = seesAll(caller, studentId)
  if (all) {
    for (const { name, of } of await studentTables(db)) await read(name, of(studentId))
    await read('audit', sql`subject = ${studentId} or actor = ${studentId}`)
  } else
    for (const name of ['submission', 'grade'])
      await read(name, sql`student_id = ${studentId} and ${visibleSubmissions(caller, studentId, 't')}`)
  for (const grade of tables['grade'] ?? []) Object.assign(grade, shownTests(grade as GradeTests, seesHidden(caller)))
  const keys = (all ? modules : []).map(module => masteryKey(studentId, module))
  const state = await Promise.all(keys.map(async key => [key, (await ports.state.get(key))?.value] as const))
  return {
    student_id: studentId,
    exported_at: new Date().toISOString(),
    tables,
    state: Object.fromEntries(state.filter(([, value]) => value !== undefined)),
  }
}

/**
 * Deletes every row of a student in one transaction, then their state; a repeat finds nothing. Deleting the lanes makes
 * workers lose their claims. Audit rows stay, with a keyed hash in place of the name. Events cannot be deleted from the
 * event log; they expire with its retention (7 days).
 */
export async function eraseStudent(
  context: Context,
  actor: string,
  studentId: string,
): Promise<z.infer<typeof Erased>> {
  const { ports, secret } = context
  const nameless = `erased:${createHmac('sha256', secret).update(studentId).digest('hex').slice(0, 32)}`
  const rows = await ports.history.transaction(async trx => {
    await lockStudent(trx, studentId)
    const counts = await deleteRows(trx, studentId)
    await trx.updateTable('audit').set({ subject: nameless, detail: '{}' }).where('subject', '=', studentId).execute()
    await trx.updateTable('audit').set({ actor: nameless }).where('actor', '=', studentId).execute()
    await trx
      .insertInto('audit')
      .values({
        actor: actor === studentId ? nameless : actor,
        action: 'student.erase',
        subject: nameless,
        detail: JSON.stringify({ rows: counts }),
      })
      .execute()
    return counts
  })
  let state_keys = 0
  for (const module of modules) {
    const key = masteryKey(studentId, module)
    if ((await ports.state.get(key)) !== undefined) state_keys += 1
    await ports.state.delete(key)
  }
  return { student_id: studentId, rows, state_keys }
}

/** How many rows were deleted, by table. */
async function deleteRows(trx: Transaction<Tables>, studentId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name, of } of await studentTables(trx)) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(name)} where ${of(studentId)}`.execute(trx)
    counts[name] = Number(numAffectedRows)
  }
  return counts
}
