import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { extname, join } from 'node:path'
import { isLocked, takeLock } from '../../owner/lock.ts'
import { holdsWithin } from './orphan.ts'
import { filesOf, keeperFiles, readState, recordedNames } from './state-file.ts'

const keeperFile = join(import.meta.dirname, `keeper${extname(import.meta.filename)}`)
/** How long in ms a started keeper may take until it holds its lock. */
const startMs = 10_000
const pollMs = 1_000

/** Starts the keeper of a folder unless one lives or is being started. */
export async function startKeeper(folder: string): Promise<void> {
  const files = keeperFiles(folder)
  if (isLocked(files.lock)) return
  using alone = takeLock(files.starting, 0)
  if (alone === undefined) return
  const errors = openSync(files.log, 'a', 0o600)
  const keeper = spawn(process.execPath, [keeperFile, folder], { detached: true, stdio: ['ignore', 'ignore', errors] })
  closeSync(errors)
  await new Promise<void>((resolve, reject) => keeper.once('spawn', resolve).once('error', reject))
  keeper.unref()
  await holdsWithin(startMs, async () => keeper.exitCode !== null || isLocked(files.lock))
}

/**
 * Has the folder a keeper from now on, for as long as this process lives and is one of those that the folder records:
 * nobody is to start a keeper for a process that its watcher has replaced.
 */
export function keepKeeper(folder: string, isRecorded: () => Promise<boolean> = async () => true): void {
  const again = async (): Promise<void> => {
    try {
      if (!isLocked(keeperFiles(folder).lock) && (await isRecorded())) await startKeeper(folder)
    } catch (error) {
      process.stderr.write(`the keeper of the watchers cannot be started: ${String(error)}\n`)
    }
    setTimeout(() => void again(), pollMs).unref()
  }
  void again()
}

/**
 * Has the folder a keeper for as long as this process lives, if a watcher of the folder has started it: so the loss of
 * the keeper together with all watchers is noticed by what they watched.
 */
export function keepOwnKeeper(folder: string): void {
  keepKeeper(folder, async () => {
    const states = (await recordedNames(folder)).map(async name => readState(filesOf(folder, name).state))
    return (await Promise.all(states)).some(state => state?.pid === process.pid)
  })
}
