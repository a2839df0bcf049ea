import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { PlatformError } from '../errors.ts'
import type { MigrationReport } from '../ports/history.ts'
import type { Tables } from './tables.ts'

const folder = join(import.meta.dirname, 'migrations')

/**
 * Each `.sql` file is a migration; a statement ends at `;` before an empty line, because the extended protocol takes
 * one statement at a time.
 */
export const files: MigrationProvider = {
  async getMigrations() {
    const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).toSorted()
    const read = async (name: string) => {
      const statements = (await readFile(join(folder, name), 'utf8'))
        .split(/;\s*(?:\n\s*\n|$)/)
        .filter(text => text.replaceAll(/^\s*--.*$/gm, '').trim() !== '')
      const up = async (db: Kysely<unknown>): Promise<void> => {
        for (const statement of statements) await sql.raw(statement).execute(db)
      }
      return [name.replace('.sql', ''), { up }] as const
    }
    return Object.fromEntries(await Promise.all(names.map(read)))
  },
}

/**
 * Migrates the database to this version, all or nothing; `save` is called for a backup first when it already holds
 * data.
 * @throws DATA_FOLDER_NEWER when it was written by a later version.
 */
export async function migrateTo(
  db: Kysely<Tables>,
  save: (before: string) => Promise<string | undefined>,
): Promise<MigrationReport> {
  // A migration may be finished, and applied somewhere, before one with a lower number.
  const migrator = new Migrator({ db, provider: files, allowUnorderedMigrations: true })
  const known = await migrator.getMigrations()
  await refuseNewer(
    db,
    known.map(migration => migration.name),
  )
  const pending = known.filter(migration => migration.executedAt === undefined)
  const [first] = pending
  if (first === undefined) return { applied: [] }
  const backup = pending.length < known.length ? await save(first.name) : undefined
  // Under Kysely's advisory lock: one of several concurrent processes applies, the others wait and find nothing left.
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return { applied: results.map(result => result.migrationName), ...(backup === undefined ? {} : { backup }) }
}

/** Makes the tables as they were after one migration. */
export async function migrateUpTo(db: Kysely<Tables>, name: string): Promise<void> {
  const { error } = await new Migrator({ db, provider: files }).migrateTo(name)
  if (error !== undefined) throw error
}

/** The names of the migrations that this database lacks. @throws DATA_FOLDER_NEWER */
export async function pendingMigrations(db: Kysely<Tables>): Promise<string[]> {
  const known = await new Migrator({ db, provider: files }).getMigrations()
  await refuseNewer(
    db,
    known.map(migration => migration.name),
  )
  return known.filter(migration => migration.executedAt === undefined).map(({ name }) => name)
}

async function refuseNewer(db: Kysely<Tables>, known: string[]): Promise<void> {
  const { rows: present } = await sql<{
    name: string | null
  }>`select to_regclass('kysely_migration')::text as name`.execute(db)
  if (present[0]?.name === null) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = rows.map(row => row.name).filter(name => !known.includes(name))
  if (unknown.length > 0)
    throw new PlatformError(
      'DATA_FOLDER_NEWER',
      `the database was written by a newer LearnFlow (it has ${unknown.join(', ')})`,
      {
        hint: 'Use that version, or restore a backup from before the upgrade; nothing was changed.',
      },
    )
}
