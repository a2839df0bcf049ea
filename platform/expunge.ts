import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { sql } from 'kysely'
import { stateKeysOf } from '../schemas/state-keys.ts'
import type { Config } from './config.ts'
import { openBackup, openEmptyHistory } from './open.ts'
import type { History } from './ports/history.ts'
import { listBackups, readBackup, readHeader, writeBackup } from './history/backup-file.ts'
import { eraseRows } from './history/erase-rows.ts'
import type { ErasedList } from './history/erased-list.ts'
import { fingerprintOf } from './history/fingerprint.ts'
import { migrateUpTo } from './history/migrate.ts'
import { scrub } from './history/scrub.ts'
import { actorFields, studentTables } from './history/student-tables.ts'

const isCopy = (file: string): boolean => file.endsWith('.tar.gz')

/** When the rows of a backup were read. */
async function momentOf(file: string): Promise<Date> {
  return isCopy(file) ? (await stat(file)).mtime : new Date((await readHeader(file)).created_at)
}

/** The backups of a folder that hold this id, by name; one that cannot be read counts, since nobody knows. */
export async function backupsWith(folder: string, studentId: string): Promise<string[]> {
  const found: string[] = []
  for (const { name } of await listBackups(folder)) {
    const file = join(folder, name)
    const text = isCopy(file) ? studentId : JSON.stringify(studentId)
    if (await holds(file, text).catch(() => true)) found.push(name)
  }
  return found
}

async function holds(file: string, text: string): Promise<boolean> {
  const wanted = Buffer.from(text)
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file).pipe(createGunzip()) as AsyncIterable<Buffer>) {
    const seen = Buffer.concat([rest, chunk])
    if (seen.includes(wanted)) return true
    rest = seen.subarray(Math.max(0, seen.length - wanted.length + 1))
  }
  return false
}

/**
 * A copy of a backup without the people who were erased after it was made, beside it; `undefined` when it holds none.
 * Both kinds of backups are loaded into a database in memory for it.
 * @throws INVALID_INPUT for a file that is no backup
 */
export async function withoutErased(
  file: string,
  list: ErasedList,
  config: Config,
): Promise<{ file: string; people: number } | undefined> {
  const moment = await momentOf(file)
  if (!list.anyAfter(moment)) return undefined
  await using opened = await load(file, config)
  const { history } = opened
  const people = (await peopleIn(history)).filter(id => (list.erasedAt(id) ?? moment) > moment)
  if (people.length === 0) return undefined
  await history.transaction(async trx => {
    for (const id of people) {
      await eraseRows(trx, id, list.nameless(id))
      // Where the history is the state store as well, a backup holds the states.
      await trx
        .deleteFrom('state_entry')
        .where(sql<boolean>`starts_with(key, ${stateKeysOf(id)})`)
        .execute()
    }
  })
  const copy = join(dirname(file), `.${randomUUID()}${isCopy(file) ? '.tar.gz' : '.jsonl.gz'}`)
  if (isCopy(file)) {
    await scrub(history)
    await writeFile(copy, Buffer.from(await (await opened.dump()).arrayBuffer()), { mode: 0o600 })
  } else {
    const { created_at, migrations } = await readHeader(file)
    await history.transaction(async trx =>
      writeBackup(trx, copy, { created_at, migrations, tables: await fingerprintOf(trx) }),
    )
  }
  return { file: copy, people: people.length }
}

/** Puts a backup without the erased in the place of one; with `write` false it only counts them. */
export async function expunge(file: string, list: ErasedList, config: Config, write: boolean): Promise<number> {
  const clean = await withoutErased(file, list, config)
  if (clean === undefined) return 0
  if (!write) await rm(clean.file)
  else {
    // The order of backups is that of their times.
    const { atime, mtime } = await stat(file)
    await utimes(clean.file, atime, mtime)
    await rename(clean.file, file)
  }
  return clean.people
}

async function load(
  file: string,
  config: Config,
): Promise<{ history: History; dump(): Promise<Blob> } & AsyncDisposable> {
  if (isCopy(file)) return openBackup(config, new Blob([await readFile(file)]))
  const { migrations } = await readHeader(file)
  const opened = await openEmptyHistory(config)
  await migrateUpTo(opened.history.db, migrations.at(-1) ?? '')
  await opened.history.transaction(async trx => readBackup(trx, file))
  return opened
}

/** Every id that a history names as a student or as whoever did something. */
async function peopleIn({ db }: History): Promise<string[]> {
  const students = (await studentTables(db)).flatMap(({ name, columns }) => columns.map(column => ({ name, column })))
  const ids = new Set<string>()
  for (const { name, column } of [...students, ...(await actorFields(db))]) {
    const { rows } = await sql<{ id: string | null }>`
      select distinct ${sql.ref(column)} as id from ${sql.table(name)}`.execute(db)
    for (const { id } of rows) if (id !== null) ids.add(id)
  }
  return [...ids]
}
