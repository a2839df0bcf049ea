import { statfs } from 'node:fs/promises'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import type { PGliteDialectConfig } from 'kysely'
import { PlatformError } from '../../errors.ts'

export interface DatabaseOptions {
  /** The PostgreSQL folder; undefined keeps everything in memory (contract suites). */
  folder?: string
  querySeconds: number
  minFreeMegabytes: number
  /** Called once when a query missed its deadline: the instance answers no more and the process has to be replaced. */
  onBroken?: (error: PlatformError) => void
}

type Engine = Extract<PGliteDialectConfig['pglite'], { closed: boolean }>

/** A PGlite whose every query has a deadline: with a full disk a commit hangs without an error. */
export interface Database {
  engine: Engine
  /** @throws STORAGE_FULL when the disk has less room than the setting asks for. */
  guardSpace(): Promise<void>
  dump(): Promise<Blob>
  close(): Promise<void>
}

const spaceCheckMs = 500

/** @throws DATA_FOLDER_UNUSABLE when PGlite cannot open the folder. */
export async function openDatabase({ folder, querySeconds, minFreeMegabytes, onBroken }: DatabaseOptions): Promise<Database> {
  const pglite = await openFolder(folder)
  let broken: PlatformError | undefined
  const within = async <T>(work: Promise<T>): Promise<T> => {
    if (broken) throw broken
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        broken ??= new PlatformError('DEPENDENCY_DOWN', `the embedded database did not answer within ${querySeconds} s`, {
          hint: 'Restart the platform; if it returns, look at the free disk space.',
        })
        onBroken?.(broken)
        reject(broken)
      }, querySeconds * 1_000)
    })
    return Promise.race([work, late]).finally(() => clearTimeout(timer))
  }
  return {
    engine: bounded(pglite, within),
    guardSpace: spaceGuard(folder, minFreeMegabytes),
    dump: async () => pglite.dumpDataDir('gzip'),
    close: async () => pglite.close(),
  }
}

async function openFolder(folder: string | undefined): Promise<PGlite> {
  const options: PGliteOptions = { ...(folder === undefined ? {} : { dataDir: folder }), parsers: { 20: String } }
  try {
    return await PGlite.create(options)
  } catch (cause) {
    throw new PlatformError(
      'DATA_FOLDER_UNUSABLE',
      `the database in ${folder ?? 'memory'} does not open: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: 'Check that the folder is writable and not from another program; restore a backup from its backups folder if it is damaged.',
        cause,
      },
    )
  }
}

/** The subset of PGlite that kysely's dialect drives, each step within the deadline. */
function bounded(pglite: PGlite, within: <T>(work: Promise<T>) => Promise<T>): Engine {
  return {
    get closed() {
      return pglite.closed
    },
    get ready() {
      return pglite.ready
    },
    waitReady: pglite.waitReady,
    close: async () => pglite.close(),
    query: async (query, params, options) => within(pglite.query(query, params, options)),
    transaction: async work => {
      let committing: (() => void) | undefined
      const workDone = new Promise<void>(resolve => (committing = resolve))
      const whole = pglite.transaction(async tx => {
        try {
          return await work({ query: async (query, params, options) => within(tx.query(query, params, options)), rollback: async () => tx.rollback() })
        } finally {
          committing?.()
        }
      })
      // The callback may take its time between queries; only what follows it, the commit, is the database's own.
      return Promise.race([whole, workDone.then(async () => within(whole))])
    },
  }
}

function spaceGuard(folder: string | undefined, minFreeMegabytes: number): () => Promise<void> {
  if (folder === undefined) return async () => {}
  let checkedAt = 0
  let free = 0
  return async () => {
    if (performance.now() - checkedAt > spaceCheckMs) {
      const disk = await statfs(folder)
      free = (disk.bavail * disk.bsize) / 2 ** 20
      checkedAt = performance.now()
    }
    if (free < minFreeMegabytes)
      throw new PlatformError('STORAGE_FULL', `only ${free.toFixed(0)} MB are free on the disk of ${folder}, ${minFreeMegabytes} are needed`, {
        hint: 'Free some space; the platform takes writes again by itself.',
      })
  }
}
