import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { execa } from 'execa'
import type { History } from '../../ports/history.ts'
import { openDatabase } from './database.ts'
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

/** A migrated history of its own, in memory. */
export async function openMigrated(): Promise<History> {
  return embeddedHistory(await openDatabase({ ...settings, from: await migratedDump() }))
}

/** The embedded engine in memory, migrated, with a handle that ends it under its ports, for contract suites. */
export async function openEngine() {
  const database = await openDatabase({ ...settings, from: await migratedDump() })
  const history = embeddedHistory(database)
  return {
    history,
    kill: async () => database.close(),
    [Symbol.asyncDispose]: async () => history[Symbol.asyncDispose](),
  }
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
