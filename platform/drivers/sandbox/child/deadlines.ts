import type { Alarm } from './alarm.ts'
import type { Gate } from './gate.ts'
import type { Api } from './module.ts'
import { runUntilInterrupted, Stop } from './stop.ts'
import type { Streams } from './streams.ts'

/** How often the processor time is looked at while Python code runs. */
const lookMs = 25
/** What a busy machine may make of a second of processor time, and of a start. */
const wallFactor = 10
const wallMs = 20_000

export interface Deadlines {
  /** Runs `task` within the last allowance. @throws Stop, or what `task` throws */
  run<T>(task: () => T): T
  /** From now on `run` may take `ms` of processor time, however long a busy machine takes for them. */
  allow(ms: number): void
  /** Inside `run`: gives `task` at most this many ms of Python code. @throws Stop, or what `task` throws */
  hurry(ms: number, task: () => void): void
  /** Whether a run was interrupted at its own end, so that the signal may still come. */
  isUnsound(): boolean
}

/** The processor time of this thread, in ms. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/**
 * CPython checks for signals at intervals while it runs Python code, and there we stop a run that has used its
 * processor time. Code that stays in C (a huge power, a sum over a range) does not check and is interrupted by the
 * watchdog.
 */
export function deadlines(api: Api, gate: Gate, streams: Streams, alarm: Alarm): Deadlines {
  api.module.HEAP32[Number(api.module['_Py_EMSCRIPTEN_SIGNAL_HANDLING']) >> 2] = 1
  const never = { usedAt: Number.POSITIVE_INFINITY, wallEnd: Number.POSITIVE_INFINITY }
  let limit = never
  let lookAt = Number.POSITIVE_INFINITY
  let late = false
  const stop = (): never => {
    limit = never
    lookAt = Number.POSITIVE_INFINITY
    throw new Stop('timed_out', { line: currentLine(api) })
  }
  const look = (): void => {
    const now = performance.now()
    const left = limit.usedAt - threadMs()
    if (left <= 0 || now > limit.wallEnd) stop()
    lookAt = now + Math.min(left, lookMs)
    alarm.set(left, performance.timeOrigin + limit.wallEnd)
  }
  const allow = (ms: number): void => {
    limit = { usedAt: threadMs() + ms, wallEnd: performance.now() + ms * wallFactor + wallMs }
    look()
  }
  gate.onSignals = () => {
    if (streams.flooded) {
      streams.flooded = false
      throw new Stop('output_limit')
    }
    if (performance.now() > lookAt) look()
  }
  return {
    allow,
    run(task) {
      alarm.start()
      let done: ReturnType<typeof runUntilInterrupted<ReturnType<typeof task>>>
      let ours = false
      try {
        done = runUntilInterrupted(task)
      } finally {
        ours = alarm.stop()
        lookAt = Number.POSITIVE_INFINITY
      }
      if (done !== 'interrupted') {
        late ||= ours
        return done.value
      }
      if (!ours) throw new Error('interrupted from outside')
      return stop()
    },
    hurry(ms, task) {
      const before = limit
      allow(ms)
      task()
      limit = before
      look()
    },
    isUnsound: () => late,
  }
}

/** The innermost line of the program that is running. */
function currentLine(api: Api): number | undefined {
  for (let frame = api.c('_PyEval_GetFrame'); frame !== 0; frame = api.c('_PyFrame_GetBack', frame)) {
    const code = api.c('_PyFrame_GetCode', frame)
    if (api.toText(api.attribute(code, 'co_filename')) === 'solution.py') return api.c('_PyFrame_GetLineNumber', frame)
  }
  return undefined
}
