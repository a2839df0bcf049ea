import { setTimeout as sleep } from 'node:timers/promises'
import { processStartTime } from './start-time.ts'
import type { WatchState } from './state-file.ts'

const pollMs = 50

/** Whether the recorded process lives: same pid and same start time. It can outlive a killed watcher. */
export const survives = async (state: WatchState | undefined): Promise<boolean> => lives(state?.pid, state?.born)

export async function lives(pid: number | undefined, startTime: string | undefined): Promise<boolean> {
  return pid !== undefined && startTime !== undefined && (await processStartTime(pid)) === startTime
}

/** Sends a signal; a process that has ended in the meantime is the intended result. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Polls until `holds` is true; false when `limitMs` passed before. */
export async function holdsWithin(limitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + limitMs; ;) {
    if (await holds()) return true
    if (performance.now() > end) return false
    await sleep(pollMs)
  }
}

/** Asks a process that has lost its watcher to stop, and kills it after `graceMs`. Returns when it has ended. */
export async function endOrphan(state: WatchState | undefined, graceMs: number): Promise<void> {
  const over = async (): Promise<boolean> => !(await survives(state))
  if (state?.pid === undefined || (await over())) return
  send(state.pid, state.stop_signal ?? 'SIGTERM')
  if (await holdsWithin(graceMs, over)) return
  send(state.pid, 'SIGKILL')
  await holdsWithin(Number.POSITIVE_INFINITY, over)
}
