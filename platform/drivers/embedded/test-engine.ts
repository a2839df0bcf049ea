import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { execa } from 'execa'
import type { History } from '../../ports/history.ts'
import { PlatformError } from '../../errors.ts'
import { type Database, openDatabase } from './database.ts'
import { embeddedHistory } from './history.ts'

const settings = { querySeconds: 10, minFreeMegabytes: 1 }
const root = join(import.meta.dirname, '..', '..', '..')
const cache = join(root, '.cache', 'test-databases')
const maxAgeMs = 7 * 24 * 3_600_000
let template: Promise<Blob> | undefined

/**
 * A migrated database without rows, to open others from with `openDatabase({ from })`. It is made once for the migrations and the PGlite
 * of this tree and kept in `.cache`, because a fresh cluster takes seconds of computing and a copy does not.
 */
export async function migratedDump(): Promise<Blob> {
  return (template ??= templateFile().then(async path => new Blob([await readFile(path)])))
}

/** Makes `folder`, which is not there yet, a migrated database without rows: for `openDatabase` and whole platforms. */
export async function makeMigratedFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  // The names in a dump begin with `/`, which tar removes and says so.
  await execa('tar', ['-xf', await templateFile(), '-C', folder])
}

/** A migrated history without rows, in memory, that nobody else has until it is disposed. */
export async function openMigrated(): Promise<History> {
  return embeddedHistory(await takeDatabase())
}

/** The embedded engine in memory, migrated, with a handle that ends it under its ports, for contract suites. */
export async function openEngine() {
  const database = await takeDatabase()
  const history = embeddedHistory(database)
  return { history, kill: database.kill, [Symbol.asyncDispose]: async () => history[Symbol.asyncDispose]() }
}

interface TestDatabase {
  database: Database
  /** The schema of the template, as `describe` reads it. */
  schema: string
  isUsable: boolean
}

/** Databases of this process that no test has now: emptying one costs a tenth of opening another. */
const idle: TestDatabase[] = []

/** A migrated database without rows. `close` gives it back for other tests, `kill` closes it for good. */
async function takeDatabase(): Promise<Database & { kill(): Promise<void> }> {
  const taken = (await emptied(idle.pop())) ?? (await openTemplate())
  const { database } = taken
  let isGivenBack = false
  const guarded =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (isGivenBack)
        throw new PlatformError('DEPENDENCY_DOWN', 'the test has closed this database', { hint: 'Open another one.' })
      return work(...args)
    }
  return {
    query: guarded(database.query) as Database['query'],
    command: guarded(database.command),
    guardSpace: database.guardSpace,
    dump: guarded(database.dump),
    async close() {
      if (!isGivenBack && taken.isUsable) idle.push(taken)
      isGivenBack = true
    },
    async kill() {
      taken.isUsable = false
      await database.close()
    },
  }
}

async function openTemplate(): Promise<TestDatabase> {
  const onBroken = (): void => void (opened.isUsable = false)
  const database = await openDatabase({ ...settings, from: await migratedDump(), onBroken })
  const opened = { database, schema: (await describe(database)).schema, isUsable: true }
  return opened
}

/** The same without rows; undefined when a test has left it with another schema, and then it is closed. */
async function emptied(used: TestDatabase | undefined): Promise<TestDatabase | undefined> {
  if (used === undefined) return undefined
  const { database, schema } = used
  await database.command('rollback')
  const found = await describe(database)
  if (found.schema === schema) {
    await database.command(`truncate ${found.tables} restart identity`)
    return used
  }
  await database.close()
  return undefined
}

/** The tables that hold rows of tests, and everything in the schema as one text. */
async function describe(database: Database): Promise<{ tables: string; schema: string }> {
  const { rows } = await database.query<{ tables: string; schema: string }>(
    `select
      (select string_agg(quote_ident(tablename), ', ') from pg_tables
        where schemaname = 'public' and tablename not like 'kysely%') as tables,
      (select string_agg(part, E'\n' order by part) from (
        select format('column %s.%s %s', attrelid::regclass, attname, atttypid::regtype) from pg_attribute, pg_class
          where attrelid = pg_class.oid and relnamespace = 'public'::regnamespace and not attisdropped
        union all select format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
          where connamespace = 'public'::regnamespace
        union all select format('trigger %s %s', tgrelid::regclass, tgname) from pg_trigger where not tgisinternal
        union all select format('function %s', proname) from pg_proc where pronamespace = 'public'::regnamespace
        union all select format('migration %s', name) from kysely_migration
      ) as parts (part)) as schema`,
    [],
  )
  if (rows[0] === undefined) throw new Error('PostgreSQL said nothing of its tables')
  return rows[0]
}

async function templateFile(): Promise<string> {
  const path = join(cache, `${await key()}.tar`)
  if ((await stat(path).catch(ignoreMissing)) === undefined) await makeDump(path)
  return path
}

/** What a template depends on, as a name. */
async function key(): Promise<string> {
  const history = join(root, 'platform', 'history')
  const migrations = (await readdir(join(history, 'migrations'))).toSorted()
  const pglite = dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite')))
  const sources = [
    join(pglite, '..', 'package.json'),
    join(history, 'migrate.ts'),
    ...migrations.map(name => join(history, 'migrations', name)),
  ]
  const hash = createHash('sha256')
  for (const source of sources) hash.update(source.slice(root.length)).update(await readFile(source))
  return hash.digest('hex').slice(0, 16)
}

/** Two processes that make it at once write the same, each under a name of its own until it is whole. */
async function makeDump(path: string): Promise<void> {
  const database = await openDatabase(settings)
  await using history = embeddedHistory(database)
  await history.migrate()
  // Unpacking it anew for every database would cost more than reading the 40 MB.
  const dump = Buffer.from(await promisify(gunzip)(await (await database.dump()).arrayBuffer()))
  const draft = `${path}.${randomUUID()}`
  await mkdir(cache, { recursive: true })
  await removeOld()
  await writeFile(draft, dump)
  await rename(draft, path)
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    const found = await stat(path).catch(ignoreMissing)
    if (found !== undefined && Date.now() - found.mtimeMs > maxAgeMs) await rm(path, { force: true })
  }
}

/** For files that another process may have renamed or removed. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
