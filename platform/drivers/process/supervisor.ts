import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { PlatformError } from '../../errors.ts'
import { isLocked } from '../../owner/lock.ts'
import type { Order, ProcessState, Supervisor } from '../../ports/supervisor.ts'
import { holdsWithin, lives, send, survives } from './orphan.ts'
import { startKeeper } from './start-keeper.ts'
import {
  finish,
  filesOf,
  isUnfinished,
  keeperFiles,
  readOrder,
  readState,
  recordedNames,
  type WatchState,
} from './state-file.ts'
import { isPaused, processStartTime } from './start-time.ts'
import { startMs, startWatcher, unusable } from './start-watcher.ts'

export interface SupervisorOptions {
  /** The pause before the first restart, in ms; it doubles up to 10 s. */
  pauseMs?: number
  /** A log of this size in bytes becomes `NAME.log.1`. */
  logBytes?: number
  /** How long a process must have lived to count as started, in ms. */
  settleMs?: number
}

const killMs = 5_000

/**
 * Supervises processes of this machine, with one detached watcher each; their state, locks and logs are files in
 * `folder`.
 */
export function processSupervisor(
  folder: string,
  { pauseMs = 250, logBytes = 10_000_000, settleMs = 500 }: SupervisorOptions = {},
): Supervisor {
  const recorded = async (name: string): Promise<{ state: WatchState | undefined; watched: boolean }> => {
    const files = filesOf(folder, checked(name))
    try {
      // The order matters: a watcher that ends between the two steps has already written its last state.
      const watched = isLocked(files.lock)
      return { watched, state: await readState(files.state) }
    } catch (cause) {
      throw unusable(folder, cause)
    }
  }
  const status = async (name: string): Promise<ProcessState> => {
    const { state, watched } = await recorded(name)
    return described(folder, name, state, await livenessOf(folder, state, watched))
  }
  return {
    status,
    order: async name => orderOf(folder, checked(name)),
    async start(name, args, other) {
      const { state, watched } = await recorded(name)
      const before = await status(name)
      if (before.status === 'running') return before
      if (before.status === 'restarting') {
        if (!watched) await startKeeper(folder)
        return before
      }
      const launch = randomUUID()
      const how = {
        ...(other === undefined ? {} : { other }),
        ...(state === undefined ? {} : { after: state.launch }),
        pause_ms: pauseMs,
        log_bytes: logBytes,
      }
      await startWatcher({ folder, name, args: [...args], launch, ...how })
      return await untilSettled(
        async () => status(name),
        async () => endedForGood((await recorded(name)).state, launch),
        settleMs,
      )
    },
    async stop(name, graceMs) {
      const { state: first, watched: atFirst } = await recorded(name)
      if (!(await livenessOf(folder, first, atFirst)).alive) return 'unchanged'
      const signalled = new Set<number>()
      const signalOnce = (pid: number | undefined, signal: NodeJS.Signals = 'SIGTERM'): void => {
        if (pid !== undefined && !signalled.has(pid)) send(pid, signal)
        if (pid !== undefined) signalled.add(pid)
      }
      /** One SIGTERM to the watcher, which forwards it; to the process itself only when its watcher is gone. */
      const over = async (): Promise<boolean> => {
        const { state, watched } = await recorded(name)
        const alive = await survives(state)
        if (watched && (state?.watcher_born === undefined || (await lives(state.watcher, state.watcher_born))))
          signalOnce(state?.watcher)
        else if (!watched && isUnfinished(state)) await finish(folder, name)
        else if (alive) signalOnce(state?.pid, state?.stop_signal)
        return !watched && !alive && !isUnfinished(state)
      }
      const stopped = async (limitMs: number): Promise<boolean> => {
        if (!(await holdsWithin(limitMs, over))) return false
        await idleKeeperEnds(folder)
        return true
      }
      if (await stopped(graceMs)) return 'stopped'
      const { state } = await recorded(name)
      if (state?.pid !== undefined && (await survives(state))) send(state.pid, 'SIGKILL')
      if (await stopped(killMs)) return 'stopped'
      throw new PlatformError('DEPENDENCY_DOWN', `${name} does not end, not even when killed`, {
        hint: `See ${filesOf(folder, name).log} and the process list.`,
      })
    },
    async restore() {
      const left = async (): Promise<boolean> => {
        const all = await Promise.all((await recordedNames(folder)).map(recorded))
        const lost = await Promise.all(all.map(async ({ state, watched }) => !watched && (await survives(state))))
        return lost.includes(true)
      }
      if (!(await left())) return
      await startKeeper(folder)
      await holdsWithin(startMs, async () => !(await left()))
    },
  }
}

/** What the process was last started with, as its watcher has recorded it. */
async function orderOf(folder: string, name: string): Promise<Order | undefined> {
  const { order: file } = filesOf(folder, name)
  if (!existsSync(file)) return undefined
  try {
    const { args, other } = (await readOrder(file)).order
    return { args, ...(other === undefined ? {} : { env: other.env }) }
  } catch (cause) {
    throw unusable(folder, cause)
  }
}

/** `alive`: it runs or will; `watched`: it has a watcher; `paused`: it runs and stands still. */
interface Liveness {
  alive: boolean
  watched: boolean
  paused: boolean
}

/** Waits for the end of a keeper that has nothing to keep, so that nothing is left when the last process is stopped. */
async function idleKeeperEnds(folder: string): Promise<void> {
  const { lock, pid } = keeperFiles(folder)
  for (const name of await recordedNames(folder)) {
    const files = filesOf(folder, name)
    if (isLocked(files.lock) || isUnfinished(await readState(files.state))) return
  }
  if (!isLocked(lock)) return
  // A keeper that holds its lock and has not written its id yet looks at once and ends.
  const keeper = existsSync(pid) ? Number(await readFile(pid, 'utf8')) : 0
  await holdsWithin(killMs, async () => !isLocked(lock) && (await processStartTime(keeper)) === undefined)
}

/** The keeper starts the watcher of an unfinished process again, and with it the process. */
async function livenessOf(folder: string, state: WatchState | undefined, watched: boolean): Promise<Liveness> {
  const alive = watched || (await survives(state)) || (isUnfinished(state) && isLocked(keeperFiles(folder).lock))
  return { alive, watched, paused: state?.pid !== undefined && alive && (await isPaused(state.pid)) }
}

function checked(name: string): string {
  if (/^[a-z][a-z0-9-]*$/.test(name)) return name
  throw new PlatformError('INVALID_INPUT', `${name} cannot name a process`, {
    hint: 'Use lower-case letters, digits and hyphens.',
  })
}

function described(
  folder: string,
  name: string,
  state: WatchState | undefined,
  { alive, watched, paused }: Liveness,
): ProcessState {
  const { log } = filesOf(folder, name)
  if (state === undefined) return { name, status: alive ? 'restarting' : 'stopped', restarts: 0, log }
  const { status, restarts, pid, started_at, last_exit } = state
  const ended = { name, restarts, log, ...(last_exit === undefined ? {} : { last_exit }) }
  if (!alive) return { ...ended, status: status === 'crash_loop' ? status : 'stopped' }
  return {
    ...ended,
    status: watched || !isUnfinished(state) ? status : 'restarting',
    ...(pid === undefined ? {} : { pid }),
    ...(paused ? { paused } : {}),
    ...(started_at === undefined ? {} : { started_at }),
  }
}

/** Checks the last recorded launch, because a state may only look final while its watcher is just taking the lock. */
const endedForGood = (state: WatchState | undefined, launch: string): boolean =>
  state?.launch === launch && (state.status === 'stopped' || state.status === 'crash_loop')

async function untilSettled(
  status: () => Promise<ProcessState>,
  ended: () => Promise<boolean>,
  settleMs: number,
): Promise<ProcessState> {
  const settled = await holdsWithin(startMs, async () => {
    const { status: now, started_at } = await status()
    return now === 'running' ? started_at !== undefined && Date.now() - Date.parse(started_at) >= settleMs : ended()
  })
  const last = await status()
  if (settled && last.status === 'running') return last
  const { name, log, last_exit: exit } = last
  const how = exit === undefined ? 'did not start' : `ended with ${exit.signal ?? `exit code ${exit.code}`}`
  const words = await lastLine(log)
  const code = exit?.code === 2 ? 'NOT_RUNNING' : exit?.code === 3 ? 'INVALID_INPUT' : 'DEPENDENCY_DOWN'
  throw new PlatformError(code, `${name} ${how}${words === '' ? '' : `: ${words}`}`, { hint: `See ${log}.` })
}

async function lastLine(log: string): Promise<string> {
  const text = await readFile(log, 'utf8')
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300)
}
