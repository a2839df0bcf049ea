import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { environmentSettings } from '../../config.ts'
import { takeLock } from '../../owner/lock.ts'
import type { LastExit } from '../../ports/supervisor.ts'
import { processStartTime } from './start-time.ts'
import { logFile } from './log-file.ts'
import { endOrphan } from './orphan.ts'
import { keepKeeper } from './start-keeper.ts'
import { filesOf, isUnfinished, readState, recordOrder, WatchOrder, type WatchState, writeState } from './state-file.ts'

// The watcher of one process: `watch.ts ORDER`, started detached by `supervisor.ts`. It ends when there is nothing left
// to watch.

/** More exits than this within a minute are a crash loop. */
const maxExits = 5
const exitsWindowMs = 60_000
const maxPauseMs = 10_000
/** What a killed watcher left has this long to end, in ms. */
const orphanMs = 15_000
/** Exit codes after which a restart cannot help: done, a prerequisite is missing, wrong usage. */
const finalCodes = new Set<number | null>([0, 2, 3])

const order = WatchOrder.parse(JSON.parse(process.argv[2] ?? ''))
/** Another program's exit codes have no such meaning: it is restarted until it is asked to stop. */
const isFinal = ({ code }: LastExit): boolean => order.other === undefined && finalCodes.has(code)
const files = filesOf(order.folder, order.name)
const log = logFile(files.log, order.log_bytes)
const stopping = new AbortController()

/** Runs the command once; resolves when it has ended and all its output is in the log. */
async function run(started: (child: ChildProcess) => Promise<void>): Promise<LastExit> {
  const child = startProgram()
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => log.append(data))
  const ended = new Promise<LastExit>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal, at: new Date().toISOString() }))
  })
  const forward = (): void => void child.kill(order.other?.stopSignal ?? 'SIGTERM')
  stopping.signal.addEventListener('abort', forward)
  if (stopping.signal.aborted) forward()
  await started(child)
  const exit = await ended
  stopping.signal.removeEventListener('abort', forward)
  return exit
}

function startProgram(): ChildProcessByStdio<null, Readable, Readable> {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  if (order.other === undefined) return spawn(process.execPath, order.args, { stdio })
  const { command, folder, env, owner } = order.other
  return spawn(command, order.args, { cwd: folder, env, ...owner, stdio })
}

/** Keeps the command running until it ends for good, and records each step. */
async function watch(before: WatchState | undefined): Promise<void> {
  const stopSignal = order.other?.stopSignal
  const startTime = await processStartTime(process.pid)
  let state: WatchState = {
    launch: order.launch,
    watcher: process.pid,
    ...(startTime === undefined ? {} : { watcher_born: startTime }),
    status: 'restarting',
    restarts: isUnfinished(before) ? before.restarts + 1 : 0,
    ...(stopSignal === undefined ? {} : { stop_signal: stopSignal }),
  }
  const record = async (change: Partial<WatchState>): Promise<void> =>
    writeState(files.state, (state = { ...state, ...change }))
  const started = async ({ pid }: ChildProcess): Promise<void> => {
    const startTime = pid === undefined ? undefined : await processStartTime(pid)
    await record({
      status: 'running',
      started_at: new Date().toISOString(),
      ...(pid === undefined || startTime === undefined ? {} : { pid, born: startTime }),
    })
  }
  const exits: number[] = []
  await recordOrder(files.order, order, environmentSettings())
  await record(isUnfinished(before) && before.pid !== undefined ? { pid: before.pid, born: before.born } : {})
  // The output of what a killed watcher left goes nowhere.
  await endOrphan(before, orphanMs)
  if (stopping.signal.aborted) return await record({ status: 'stopped' })
  for (;;) {
    const last_exit = await run(started)
    delete state.pid
    delete state.born
    if (stopping.signal.aborted || isFinal(last_exit)) return await record({ status: 'stopped', last_exit })
    exits.push(performance.now())
    const recent = exits.filter(at => performance.now() - at < exitsWindowMs)
    if (recent.length > maxExits && order.other?.persistent !== true)
      return await record({ status: 'crash_loop', last_exit })
    await record({ status: 'restarting', restarts: state.restarts + 1, last_exit })
    const stopped = await sleep(Math.min(order.pause_ms * 2 ** (recent.length - 1), maxPauseMs), false, {
      signal: stopping.signal,
    }).catch(() => true)
    if (stopped) return await record({ status: 'stopped' })
  }
}

// The lock is never released explicitly: the kernel drops it with the process, so a free lock always means that there
// is no watcher.
const lock = takeLock(files.lock, 5_000)
// Another watcher has this name now, or had it after this start was requested, so this start no longer applies.
const before = lock === undefined ? undefined : await readState(files.state)
if (lock !== undefined && before?.launch === order.after) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort())
  process.on('SIGHUP', () => {})
  keepKeeper(order.folder)
  await watch(before)
}
