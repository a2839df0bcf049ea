import type { Import } from './module.ts'

/** In ms: how far the clock moves at least when a sleep asks whether its time has come, and how much of the sleep. */
const shortestMs = 0.01
const share = 1 / 1_000
/** The clock of the processor's time, which does not go on in a sleep (WASI, `clockid`). */
const processTime = 2

/**
 * The clock that a program sees: the machine's, and what the program has slept, since a sleep moves this clock and
 * waits for nothing. `time.time`, `time.monotonic` and `time.perf_counter` agree with it.
 */
export interface Clock {
  /** How long the program has slept, in ms. */
  slept(): number
  set(slept: number): void
  /** Replacements for the imports that tell the time or wait, each made from the original. */
  imports: Readonly<Record<string, (original: Import, memory: () => ArrayBuffer) => Import>>
}

export function programClock(): Clock {
  let slept = 0
  let before: number | undefined
  return {
    slept: () => slept,
    set(ms) {
      slept = ms
      before = undefined
    },
    imports: {
      emscripten_date_now: original => () => Number(original()) + slept,
      // Only C code that sleeps calls it: it asks until its time has come.
      emscripten_get_now: original => () => {
        if (before === undefined) before = slept
        else slept += Math.max(shortestMs, (slept - before) * share)
        return Number(original()) + slept
      },
      clock_time_get:
        (original, memory) =>
        (...args) => {
          before = undefined
          const failed = original(...args)
          const [id, , pointer] = args as readonly number[]
          if (slept > 0 && failed === 0 && id !== processTime) shift(memory(), pointer ?? 0, slept)
          return failed
        },
      __syscall_poll:
        original =>
        (...args) => {
          const ready = original(...args)
          const [, , timeout = 0] = args as readonly number[]
          if (ready === 0 && timeout > 0) slept += timeout
          return ready
        },
    },
  }
}

/** Adds `ms` to a time in ns. */
function shift(memory: ArrayBuffer, pointer: number, ms: number): void {
  const view = new DataView(memory, pointer >>> 0, 8)
  view.setBigInt64(0, view.getBigInt64(0, true) + BigInt(Math.round(ms * 1e6)), true)
}
