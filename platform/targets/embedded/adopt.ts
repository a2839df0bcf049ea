import { existsSync } from 'node:fs'
import { cp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PlatformError } from '../../errors.ts'
import { dataPaths, takeDataFolder } from '../../owner/data-folder.ts'

/** How the names begin of a database that was put aside, and of one that is being brought from another disk. */
export const asidePrefix = 'pg.aside-'
export const bringingPrefix = 'pg.bringing'

/** The database that was put aside last; undefined when none was. */
export async function lastAside(folder: string): Promise<string | undefined> {
  const names = existsSync(folder) ? await readdir(folder) : []
  return names
    .filter(name => name.startsWith(asidePrefix))
    .toSorted()
    .at(-1)
}

/**
 * Makes `database`, a folder beside the data folder or in it, the database of the data folder. The present one is put
 * aside in it. What was interrupted is finished by the next call. Returns the name of what was put aside.
 * @throws DATA_FOLDER_IN_USE while a platform runs
 */
export async function swapDatabase(folder: string, database: string): Promise<string | undefined> {
  await using _own = await takeDataFolder(folder)
  const paths = dataPaths(folder)
  const bringing = join(folder, bringingPrefix)
  const source = await onOneDisk(database, bringing)
  const aside = existsSync(paths.database) ? `${asidePrefix}${stamp()}` : undefined
  if (aside !== undefined) await rename(paths.database, join(folder, aside))
  await rename(source, paths.database)
  if (source !== database) await rm(database, { recursive: true, force: true })
  return aside
}

/** Renaming is one step on one disk only, so that what is on another is copied first. */
async function onOneDisk(database: string, bringing: string): Promise<string> {
  await rm(bringing, { recursive: true, force: true })
  if (!existsSync(database))
    throw new PlatformError('NOT_FOUND', `there is no database in ${database}`, { hint: 'learnflow history backups' })
  const [here, there] = await Promise.all([stat(dirname(bringing)), stat(database)])
  if (here.dev === there.dev) return database
  await cp(database, bringing, { recursive: true, preserveTimestamps: true })
  return bringing
}

/** To the millisecond, so that two in a row have names of their own, in their order. */
const stamp = (): string => new Date().toISOString().replaceAll(/[-:.Z]/g, '')
export const isAside = (folder: string, path: string): boolean =>
  dirname(path) === resolve(folder) && basename(path).startsWith(asidePrefix)
