import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type Kysely, sql } from 'kysely'
import * as z from 'zod'
import { PlatformError } from '../errors.ts'
import type { Tables } from './tables.ts'
import { type Fingerprint, tablesInOrder } from './fingerprint.ts'

/** The first line of a backup. `migrations`: those that made its tables; `tables`: the fingerprint of its rows. */
const Header = z.object({
  learnflow_backup: z.literal(1),
  created_at: z.string(),
  migrations: z.array(z.string()),
  tables: z.record(z.string(), z.object({ rows: z.number().int(), digest: z.string() })),
})
export type Header = z.infer<typeof Header>

/**
 * A backup in the folder of backups. `upgrade`: the copy of the folder that a migration made before it changed
 * anything.
 */
export interface Backup {
  name: string
  bytes: number
  kind: 'backup' | 'upgrade'
}

export const backupName = /^[0-9A-Za-z][0-9A-Za-z._-]{0,120}\.(?:jsonl|tar)\.gz$/
const page = 1_000
const batch = 500

/** The backups of a data folder, oldest first. */
export async function listBackups(folder: string): Promise<Backup[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const found = await Promise.all(
    names
      .filter(name => backupName.test(name))
      .map(async name => {
        const { size, mtimeMs } = await stat(join(folder, name))
        return {
          name,
          bytes: size,
          kind: name.endsWith('.tar.gz') ? ('upgrade' as const) : ('backup' as const),
          mtimeMs,
        }
      }),
  )
  return found
    .toSorted((one, other) => one.mtimeMs - other.mtimeMs)
    .map(({ name, bytes, kind }) => ({ name, bytes, kind }))
}

/**
 * Writes every row of one moment, as PostgreSQL writes it in JSON, one line per row. The file appears complete or not
 * at all.
 */
export async function writeBackup(
  trx: Kysely<Tables>,
  file: string,
  header: { migrations: string[]; tables: Fingerprint; created_at?: string },
): Promise<void> {
  const head: Header = { learnflow_backup: 1, created_at: new Date().toISOString(), ...header }
  const part = `${file}.part`
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  try {
    await pipeline(Readable.from(linesOf(trx, head)), createGzip(), createWriteStream(part, { mode: 0o600 }))
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function* linesOf(trx: Kysely<Tables>, head: Header): AsyncGenerator<string> {
  yield `${JSON.stringify(head)}\n`
  for (const name of await tablesInOrder(trx))
    for (let after = '(0,0)', more = true; more;) {
      const { rows } = await sql<{ at: string; row: string }>`
        select ctid::text as at, to_jsonb(t)::text as row from ${sql.table(name)} t where ctid > ${after}::tid
          order by ctid limit ${page}`.execute(trx)
      for (const { row } of rows) yield `${name}\t${row}\n`
      after = rows.at(-1)?.at ?? after
      more = rows.length === page
    }
}

/** @throws INVALID_INPUT for a file that ends too early or is not a backup; NOT_FOUND */
async function* linesIn(file: string): AsyncGenerator<string> {
  const packed = createReadStream(file)
  const plain = packed.pipe(createGunzip()).setEncoding('utf8')
  packed.once('error', error => plain.destroy(error))
  try {
    let rest = ''
    for await (const chunk of plain as AsyncIterable<string>) {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (code === 'ENOENT') throw notFound(file)
    if (!code.startsWith('Z_')) throw cause
    throw new PlatformError('INVALID_INPUT', `the backup ${file} is damaged (${code})`, {
      hint: 'learnflow history backups lists the others.',
      cause,
    })
  } finally {
    packed.destroy()
  }
}

/** The header of a backup. @throws NOT_FOUND, INVALID_INPUT */
export async function readHeader(file: string): Promise<Header> {
  try {
    for await (const line of linesIn(file)) return Header.parse(JSON.parse(line))
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause
    throw new PlatformError('INVALID_INPUT', `${file} is no backup of ours, or a damaged one`, {
      hint: 'learnflow history backups lists the backups.',
      cause,
    })
  }
  throw new PlatformError('INVALID_INPUT', `${file} is empty`, { hint: 'learnflow history backups lists the backups.' })
}

const notFound = (file: string): PlatformError =>
  new PlatformError('NOT_FOUND', `there is no backup ${file}`, { hint: 'learnflow history backups lists the backups.' })

/**
 * Inserts the rows of a backup into empty tables of the same version; the caller's transaction makes it all or nothing.
 */
export async function readBackup(trx: Kysely<Tables>, file: string): Promise<void> {
  const known = new Set(await tablesInOrder(trx))
  let table = ''
  let rows: string[] = []
  const flush = async (): Promise<void> => {
    if (rows.length > 0)
      await sql`insert into ${sql.table(table)} overriding system value
        select * from jsonb_populate_recordset(null::${sql.table(table)}, ${`[${rows.join(',')}]`}::jsonb)`.execute(trx)
    rows = []
  }
  let first = true
  for await (const line of linesIn(file)) {
    if (first) {
      first = false
      continue
    }
    const at = line.indexOf('\t')
    const name = line.slice(0, at)
    if (!known.has(name))
      throw new PlatformError('INVALID_INPUT', `the backup has rows of an unknown table ${name.slice(0, 40)}`, {
        hint: 'Was it changed by hand?',
      })
    if (name !== table || rows.length === batch) await flush()
    table = name
    rows.push(line.slice(at + 1))
  }
  await flush()
  await continueIdentities(trx)
}

/** Sets the identity columns to continue after the highest number of the backup. */
async function continueIdentities(trx: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string; column: string }>`
    select table_name as name, column_name as column from information_schema.columns
      where table_schema = current_schema() and is_identity = 'YES'`.execute(trx)
  for (const { name, column } of rows)
    await sql`select setval(pg_get_serial_sequence(${name}, ${column}),
      coalesce(max(${sql.ref(column)}), 0) + 1, false) from ${sql.table(name)}`.execute(trx)
}
