import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

// https://www.sqlite.org/rescode.html#busy
const busy = 5

/**
 * Keeps the databases reachable: a collected `DatabaseSync` closes its file, and the lock would be lost while its owner
 * lives.
 */
const held = new Set<DatabaseSync>()

/**
 * Takes the lock at `path` for this process, waiting up to `waitMs`; undefined when another holds it. It is an
 * exclusive transaction on a SQLite file, which the kernel releases however the process ends (docs/decisions/0002).
 */
export function takeLock(path: string, waitMs: number): Disposable | undefined {
  const lock = new DatabaseSync(path, { timeout: waitMs })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    held.add(lock)
    return {
      [Symbol.dispose]() {
        held.delete(lock)
        lock.close()
      },
    }
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined
    throw error
  }
}

/**
 * Whether a living process holds the lock at `path`. Checking reads the file, which many may do at once; a taker has to
 * wait for that moment.
 */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false
  let file: DatabaseSync | undefined
  try {
    file = new DatabaseSync(path, { readOnly: true, timeout: 0 })
    file.exec('SELECT 1 FROM sqlite_master')
    return false
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return true
    // The file was removed in the meantime.
    if (!existsSync(path)) return false
    throw error
  } finally {
    file?.close()
  }
}
