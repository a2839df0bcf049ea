import { existsSync } from 'node:fs'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { prepareValue } from 'pg/lib/utils.js'
import { PlatformError } from '../../errors.ts'
import { closeToOthers } from '../../owner/permissions.ts'
import { isStale } from '../statements.ts'
import { type Answer, Wire } from './wire.ts'

export interface DatabaseOptions {
  /** The PostgreSQL folder; undefined keeps everything in memory (contract suites). */
  folder?: string
  /** A dump (a backup) to load into an empty folder. */
  from?: Blob
  querySeconds: number
  minFreeMegabytes: number
  /** Called once when the instance stops answering, so that the process has to be replaced. */
  onBroken?: (error: PlatformError) => void
}

/** A PGlite instance in which every step has a deadline, because with a full disk a commit hangs without an error. */
export interface Database {
  query<R>(sql: string, parameters: readonly unknown[]): Promise<Answer<R>>
  /** Runs `begin`, `commit` or `rollback` and returns the command that PostgreSQL says it ran. */
  command(sql: string): Promise<string>
  /** @throws STORAGE_FULL when the disk has less room than the setting asks for. */
  guardSpace(): Promise<void>
  dump(): Promise<Blob>
  /**
   * Does nothing when it is closed already. An instance that stopped answering is left open: only the end of the
   * process ends it.
   */
  close(): Promise<void>
}

const spaceCheckMs = 500

/**
 * @throws DATA_FOLDER_UNUSABLE when PGlite cannot open the folder, STORAGE_FULL when its disk is full. Its other methods: DEPENDENCY_DOWN, STORAGE_FULL, or
 * PostgreSQL's own error.
 */
export async function openDatabase({
  folder,
  from,
  querySeconds,
  minFreeMegabytes,
  onBroken,
}: DatabaseOptions): Promise<Database> {
  const pglite = await openFolder(folder, from)
  const wire = new Wire(pglite)
  let broken: PlatformError | undefined
  const breakDown = (what: string, cause?: unknown): PlatformError => {
    if (broken !== undefined) return broken
    broken = new PlatformError('DEPENDENCY_DOWN', what, {
      hint: 'Restart the platform; if it returns, look at the free disk space.',
      cause,
    })
    onBroken?.(broken)
    return broken
  }
  let maintaining = 0
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (broken !== undefined) throw broken
    if (pglite.closed)
      throw new PlatformError('DEPENDENCY_DOWN', 'the embedded database is closed', { hint: 'learnflow up' })
    const late = Promise.withResolvers<never>()
    const expire = (): void => {
      // Whatever waits behind a statement that may take long has its deadline after it.
      if (maintaining > 0) timer = setTimeout(expire, querySeconds * 1_000)
      else late.reject(breakDown(`the embedded database did not answer within ${querySeconds} s`))
    }
    let timer = setTimeout(expire, querySeconds * 1_000)
    try {
      return await Promise.race([work(), late.promise])
    } catch (error) {
      throw translated(error, breakDown)
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    async query<R>(sql: string, parameters: readonly unknown[]) {
      // A value that cannot be written is a fault of its statement alone, so it is told before the instance is asked.
      const values = parameters.map(value => prepareValue(value) as unknown)
      const isLong = /^vacuum\b/i.test(sql)
      maintaining += isLong ? 1 : 0
      try {
        return await step(async () => wire.run<R>(sql, values))
      } finally {
        maintaining -= isLong ? 1 : 0
      }
    },
    command: async sql => step(async () => (await wire.command(sql)).command),
    guardSpace: spaceGuard(folder, minFreeMegabytes),
    dump: async () => pglite.dumpDataDir('gzip'),
    async close() {
      if (!pglite.closed && broken === undefined) await step(async () => pglite.close())
    },
  }
}

/**
 * PostgreSQL's own errors carry a SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html). Any other error
 * ends the instance, and so do FATAL and PANIC (a write-ahead log that cannot grow): if asked again, PGlite would spin
 * and block this process.
 */
function translated(error: unknown, breakDown: (what: string, cause: unknown) => PlatformError): unknown {
  if (error instanceof PlatformError) return error
  const message = error instanceof Error ? error.message : String(error)
  const { code: state = '', severity = '' } =
    error instanceof Error ? (error as { code?: string; severity?: string }) : {}
  if (severity === 'FATAL' || severity === 'PANIC' || !/^[0-9A-Z]{5}$/.test(state))
    return breakDown(`the embedded database has stopped: ${message}`, error)
  if (isStale(error))
    return new PlatformError('DEPENDENCY_DOWN', `the tables of the database were changed meanwhile: ${message}`, {
      hint: 'Try again.',
      cause: error,
    })
  if (state !== '53100' && !/no space left on device/i.test(message)) return error
  return new PlatformError('STORAGE_FULL', `the disk of the embedded database is full: ${message}`, {
    hint: 'Free some space; the platform takes writes again by itself.',
    cause: error,
  })
}

/** Stands beside the folder of a database while it is being made. */
const unfinishedMark = (folder: string): string => `${folder}.unfinished`

/** Removes what a process has left that was killed while it made a database; no other holds anything yet. */
async function beginNew(folder: string): Promise<void> {
  const mark = unfinishedMark(folder)
  if (existsSync(mark)) await rm(folder, { recursive: true, force: true })
  if (existsSync(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  await writeFile(mark, '')
}

async function openFolder(folder: string | undefined, from: Blob | undefined): Promise<PGlite> {
  try {
    if (folder !== undefined && from === undefined) await beginNew(folder)
    const database = await PGlite.create({
      ...(folder === undefined ? {} : { dataDir: folder }),
      ...(from === undefined ? {} : { loadDataDir: from }),
    })
    // A new database is unpacked with permissions of its own, whatever the umask.
    if (folder !== undefined) await closeToOthers(folder, [join(folder, 'PG_VERSION')])
    if (folder !== undefined) await rm(unfinishedMark(folder), { force: true })
    return database
  } catch (cause) {
    throw await unusable(folder ?? 'memory', cause)
  }
}

/** A new database takes about 40 MB; below this, a full disk is likelier to be the cause than anything else. */
const newDatabaseMegabytes = 64

/** Why the folder of a database does not open. What PGlite throws need not be an Error, nor say that the disk is full. */
async function unusable(folder: string, cause: unknown): Promise<PlatformError> {
  const free = await freeMegabytes(folder)
  if (free !== undefined && free < newDatabaseMegabytes)
    return new PlatformError('STORAGE_FULL', `the database in ${folder} does not open: ${free} MB are free there`, {
      hint: `Free some space, ${newDatabaseMegabytes} MB at least, or choose another folder with --data.`,
      cause,
    })
  return new PlatformError('DATA_FOLDER_UNUSABLE', `the database in ${folder} does not open: ${reasonIn(cause)}`, {
    hint: 'learnflow history backups, then restore and adopt one; or another folder if this is of another program',
    cause,
  })
}

/** The free space where a folder is or would be. */
async function freeMegabytes(folder: string): Promise<number | undefined> {
  const disk = await statfs(folder).catch(() => undefined)
  if (disk !== undefined) return Math.floor((disk.bavail * disk.bsize) / 2 ** 20)
  return dirname(folder) === folder ? undefined : freeMegabytes(dirname(folder))
}

/** What an error says; an object of the file system of PGlite has a number of errno only. */
function reasonIn(cause: unknown): string {
  if (cause instanceof Error) return cause.message
  return typeof cause === 'object' && cause !== null && 'errno' in cause
    ? `file system error ${String(cause.errno)}`
    : inspect(cause)
}

function spaceGuard(folder: string | undefined, minFreeMegabytes: number): () => Promise<void> {
  if (folder === undefined) return async () => {}
  let checkedAt = -spaceCheckMs
  let free = 0
  return async () => {
    if (performance.now() - checkedAt >= spaceCheckMs) {
      const disk = await statfs(folder)
      free = (disk.bavail * disk.bsize) / 2 ** 20
      checkedAt = performance.now()
    }
    if (free < minFreeMegabytes)
      throw new PlatformError(
        'STORAGE_FULL',
        `only ${free.toFixed(0)} MB are free on the disk of ${folder}, ${minFreeMegabytes} are needed`,
        {
          hint: 'Free some space; the platform takes writes again by itself.',
        },
      )
  }
}
