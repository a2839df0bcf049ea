import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../errors.ts'
import * as z from 'zod'

/** The files of one supervised process. The lock is held by its watcher for as long as that lives. */
export const filesOf = (folder: string, name: string) => ({
  state: join(folder, `${name}.state.json`),
  lock: join(folder, `${name}.watcher.db`),
  log: join(folder, `${name}.log`),
})

/** What a watcher is told on its command line, as JSON. */
export const WatchOrder = z.strictObject({
  folder: z.string(),
  name: z.string(),
  args: z.array(z.string()),
  /** What runs when it is not this Node. */
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
  /** Made by the `start` that began this watch. */
  launch: z.string(),
  /** The last one that this `start` saw: when another has come since, there is nothing left to do. */
  after: z.string().optional(),
  /** The pause before the first restart; it doubles from one to the next. */
  pause_ms: z.number().min(0),
  /** A log of this size becomes `NAME.log.1` in place of the older one. */
  log_bytes: z.number().min(1),
})
export type WatchOrder = z.infer<typeof WatchOrder>

/** What a watcher records. `born` is the system's start time of `pid`, `watcher_born` that of the watcher: a later process with the same number has another. */
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

/** Replaces the state in one step: a reader sees the old one or the new one. */
export async function writeState(file: string, state: WatchState): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
