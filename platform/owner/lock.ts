import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

// https://www.sqlite.org/rescode.html#busy
const busy = 5

/** What is held stays reachable: a collected `DatabaseSync` closes its file, and the lock would be gone while its owner lives. */
const held = new Set<DatabaseSync>()

/**
 * Takes the lock at `path` for this process, waiting up to `waitMs`; undefined when another holds it. It is an exclusive transaction on a
 * SQLite file: the kernel drops it when the process dies, however it dies (docs/decisions/0002).
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
 * Whether a living process holds the lock at `path`. Asking reads the file, which many may do at once; a taker has to wait for that instant.
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
    // It was removed since.
    if (!existsSync(path)) return false
    throw error
  } finally {
    file?.close()
  }
}
