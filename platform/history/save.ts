import { join } from 'node:path'
import { sql } from 'kysely'
import type { History } from '../ports/history.ts'
import { listBackups, readHeader, writeBackup } from './backup-file.ts'
import { differingTables, fingerprintOf, migrationsOf, rowsIn } from './fingerprint.ts'

/** A backup; `fresh` when no backup with the same rows was there before. */
export interface Saved {
  name: string
  file: string
  rows: number
  tables: number
  fresh: boolean
}

/**
 * Saves every row of one moment into the folder of backups, unless the newest one there holds the same. With `write`
 * false it only returns what it would do.
 */
export async function saveHistory(
  history: Pick<History, 'transaction'>,
  folder: string,
  write: boolean,
): Promise<Saved> {
  const newest = (await listBackups(folder)).findLast(({ kind }) => kind === 'backup')
  return history.transaction(async trx => {
    await sql`set transaction isolation level repeatable read`.execute(trx)
    const [prints, migrations] = [await fingerprintOf(trx), await migrationsOf(trx)]
    const facts = { rows: rowsIn(prints), tables: Object.keys(prints).length }
    if (
      newest !== undefined &&
      differingTables((await readHeader(join(folder, newest.name))).tables, prints).length === 0
    )
      return { name: newest.name, file: join(folder, newest.name), ...facts, fresh: false }
    const name = `${new Date().toISOString().replaceAll(/[:.-]/g, '')}.jsonl.gz`
    const file = join(folder, name)
    if (write) await writeBackup(trx, file, { migrations, tables: prints })
    return { name, file, ...facts, fresh: true }
  })
}
