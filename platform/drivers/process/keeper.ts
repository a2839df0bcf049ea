import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { isLocked, takeLock } from '../../owner/lock.ts'
import { survives } from './orphan.ts'
import { startWatcher } from './start-watcher.ts'
import { filesOf, finish, isUnfinished, keeperFiles, readOrder, readState, recordedNames } from './state-file.ts'

// The keeper of a folder: `keeper.ts FOLDER`, started detached by `start-keeper.ts`. It starts watchers that were killed
// again, and each watcher starts a keeper that was killed. It ends when nothing is watched any more.

const pollMs = 500
/** A watcher that was started has taken its lock by then; in ms. */
const againMs = 10_000
/** How long this one waits for the lock of the keeper, in ms. */
const waitMs = 5_000

const folder = process.argv[2] ?? ''
/** The processes whose watcher this keeper has seen alive. */
const seen = new Set<string>()
const startedAt = new Map<string, number>()

/** Starts the watcher of a process again if it was killed. Returns whether the process is to run. */
async function keep(name: string): Promise<boolean> {
  const files = filesOf(folder, name)
  if (isLocked(files.lock)) {
    seen.add(name)
    return true
  }
  const state = await readState(files.state)
  if (!isUnfinished(state)) return false
  if (!seen.has(name) && !(await survives(state))) {
    // As after a restart of the machine, when it is `up` that starts everything in order.
    await finish(folder, name)
    return false
  }
  if (performance.now() - (startedAt.get(name) ?? Number.NEGATIVE_INFINITY) < againMs) return true
  startedAt.set(name, performance.now())
  const { order, settings } = await readOrder(files.order)
  await startWatcher({ ...order, launch: randomUUID(), after: state.launch }, settings)
  return true
}

async function keepAll(): Promise<boolean> {
  const kept = await Promise.all(
    (await recordedNames(folder)).map(async name =>
      keep(name).catch((error: unknown) => {
        process.stderr.write(`the watcher of ${name} cannot be started again: ${String(error)}\n`)
        return false
      }),
    ),
  )
  return kept.includes(true)
}

const { lock: lockFile, pid } = keeperFiles(folder)
// One that reads the lock, as the starter does, has it for a moment.
const lock = takeLock(lockFile, waitMs)
if (lock !== undefined) {
  process.on('SIGHUP', () => {})
  await writeFile(pid, `${process.pid}\n`, { mode: 0o600 })
  while (await keepAll()) await sleep(pollMs)
}
