import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../errors.ts'
import * as z from 'zod'

/** The files of one supervised process. Its watcher holds the lock for as long as it lives. */
export const filesOf = (folder: string, name: string) => ({
  state: join(folder, `${name}.state.json`),
  lock: join(folder, `${name}.watcher.db`),
  log: join(folder, `${name}.log`),
})

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
export async function writeState(file: string, state: WatchState): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
