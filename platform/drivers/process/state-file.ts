import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeLock } from '../../owner/lock.ts'
import { hasCode } from '../../errors.ts'
import * as z from 'zod'

/** The files of one supervised process. Its watcher holds the lock for as long as it lives. */
export const filesOf = (folder: string, name: string) => ({
  state: join(folder, `${name}.state.json`),
  order: join(folder, `${name}.order.json`),
  lock: join(folder, `${name}.watcher.db`),
  log: join(folder, `${name}.log`),
})

/** The files of the folder's keeper, which holds `lock` for as long as it lives; who starts one holds `starting`. */
export const keeperFiles = (folder: string) => ({
  lock: join(folder, 'keeper.db'),
  starting: join(folder, 'keeper.start.db'),
  pid: join(folder, 'keeper.pid'),
  log: join(folder, 'keeper.log'),
})

const stateSuffix = '.state.json'

/** The names of the processes that were ever started in the folder. */
export async function recordedNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).flatMap(file =>
      file.endsWith(stateSuffix) ? file.slice(0, -stateSuffix.length) : [],
    )
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** The watcher's instructions on its command line, as JSON. */
export const WatchOrder = z.strictObject({
  folder: z.string(),
  name: z.string(),
  args: z.array(z.string()),
  /** The program to run when it is not this Node. */
  other: z
    .strictObject({
      command: z.string(),
      folder: z.string(),
      env: z.record(z.string(), z.string()),
      owner: z.strictObject({ uid: z.number().int(), gid: z.number().int() }).optional(),
      stopSignal: z.enum(['SIGTERM', 'SIGINT']).optional(),
      persistent: z.boolean().optional(),
    })
    .optional(),
  /** The id that the `start` call gave this watch. */
  launch: z.string(),
  /** The last watch that this `start` saw: if another has started since, there is nothing left to do. */
  after: z.string().optional(),
  /** The pause before the first restart, in ms; it doubles with each restart. */
  pause_ms: z.number().min(0),
  /** A log of this size in bytes becomes `NAME.log.1` and replaces the older one. */
  log_bytes: z.number().min(1),
})
export type WatchOrder = z.infer<typeof WatchOrder>

/** What it takes to start a killed watcher again: its instructions, and the settings in its environment. */
const RecordedOrder = z.strictObject({ order: WatchOrder, settings: z.record(z.string(), z.string()) })

export async function recordOrder(file: string, order: WatchOrder, settings: Record<string, string>): Promise<void> {
  await replaceFile(file, { order, settings })
}

/** @throws when no watcher has recorded its instructions. */
export const readOrder = async (file: string): Promise<z.infer<typeof RecordedOrder>> =>
  RecordedOrder.parse(JSON.parse(await readFile(file, 'utf8')))

/**
 * The watcher's record. `born` is the system's start time of `pid`, `watcher_born` that of the watcher, because a later
 * process may get the same pid.
 */
export const WatchState = z.object({
  launch: z.string(),
  watcher: z.number().int(),
  watcher_born: z.string().optional(),
  status: z.enum(['running', 'restarting', 'stopped', 'crash_loop']),
  stop_signal: z.enum(['SIGTERM', 'SIGINT']).optional(),
  pid: z.number().int().optional(),
  born: z.string().optional(),
  restarts: z.number().int(),
  started_at: z.string().optional(),
  last_exit: z.object({ code: z.number().nullable(), signal: z.string().nullable(), at: z.string() }).optional(),
})
export type WatchState = z.infer<typeof WatchState>

/** The last recorded state; undefined when `name` was never started. */
export async function readState(file: string): Promise<WatchState | undefined> {
  try {
    return WatchState.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Replaces the state atomically: a reader sees the old one or the new one. */
export const writeState = async (file: string, state: WatchState): Promise<void> => replaceFile(file, state)

async function replaceFile(file: string, content: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Whether its watcher, should it be gone, was killed: one that ends by itself writes a last state. */
export const isUnfinished = (state: WatchState | undefined): state is WatchState =>
  state?.status === 'running' || state?.status === 'restarting'

/** A reader of a lock has it for a moment, in ms. */
const readersMs = 1_000

/** Records that a process whose watcher was killed is to run no more; a new watcher that is there decides instead. */
export async function finish(folder: string, name: string): Promise<void> {
  const files = filesOf(folder, name)
  using lock = takeLock(files.lock, readersMs)
  if (lock === undefined) return
  const state = await readState(files.state)
  // With another launch a watcher that is about to take the lock finds that its start no longer applies.
  if (isUnfinished(state)) await writeState(files.state, { ...state, launch: randomUUID(), status: 'stopped' })
}
