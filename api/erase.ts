import { type Selectable, sql } from 'kysely'
import type * as z from 'zod'
import type { Erased, StudentExport } from '../schemas/api.ts'
import { masteryKey } from '../schemas/state-keys.ts'
import { modules } from '../schemas/words.ts'
import { eraseRows } from '../platform/history/erase-rows.ts'
import { backupsWith } from '../platform/expunge.ts'
import { noteErased } from '../platform/history/erased-list.ts'
import { studentTables } from '../platform/history/student-tables.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { Ports } from '../platform/open.ts'
import { dataPaths } from '../platform/owner/data-folder.ts'
import { eraseFiles } from '../platform/owner/erase-files.ts'
import type { Caller } from './auth.ts'
import type { Context } from './context.ts'
import { seesHidden, shownTests } from './state.ts'
import { seesAll, visibleSubmissions } from './visibility.ts'
import { lockStudent } from './idempotency.ts'

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
    for (const { name, of } of await studentTables(db)) if (name !== 'log_record') await read(name, of(studentId))
    await read('audit', sql`subject = ${studentId} or actor = ${studentId}`)
  } else
    for (const name of ['submission', 'grade'])
      await read(name, sql`student_id = ${studentId} and ${visibleSubmissions(caller, studentId, 't')}`)
  for (const grade of tables['grade'] ?? []) Object.assign(grade, shownTests(grade as GradeTests, seesHidden(caller)))
  // A key is the student's once the question is answered.
  for (const row of tables['quiz_question'] ?? []) if (row['judged'] === null) delete row['answer_key']
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
 * Deletes every row of a student in one transaction, then their state, their tokens and what the logs hold of them; a
 * repeat finds nothing. Audit rows stay, with a keyed hash in place of the name. The janitor rewrites the tables within
 * the hour, so that no deleted byte is left in the files. From Kafka, which cannot delete single records, they go within
 * a day (`host/forget.ts`).
 */
export async function eraseStudent(
  context: Pick<Context, 'ports' | 'config'>,
  actor: string,
  studentId: string,
): Promise<z.infer<typeof Erased>> {
  const { ports, config } = context
  const folder = config.LEARNFLOW_DATA_DIR
  const { backups } = dataPaths(folder)
  const nameless = (await noteErased(backups, studentId)).nameless(studentId)
  const rows = await ports.history.transaction(async trx => {
    await lockStudent(trx, studentId)
    const counts = await eraseRows(trx, studentId, nameless)
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
  const state_keys = await eraseState(ports, studentId)
  await eraseFiles(folder, studentId)
  return { student_id: studentId, rows, state_keys, backups: await backupsWith(backups, studentId) }
}

/** Deletes the states of a student and returns how many there were. */
export async function eraseState({ state }: Pick<Ports, 'state'>, studentId: string): Promise<number> {
  let deleted = 0
  for (const module of modules) {
    const key = masteryKey(studentId, module)
    if ((await state.get(key)) !== undefined) deleted += 1
    await state.delete(key)
  }
  return deleted
}
