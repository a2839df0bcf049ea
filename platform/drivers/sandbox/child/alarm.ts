/** What the main thread and the watchdog share, in one buffer: the state of the run, and when it must have ended. */
export const alarmBytes = 32
export const idle = 0
export const running = 1
/** The watchdog has interrupted the run. */
export const interrupted = 2

export interface AlarmViews {
  /** One number: `idle`, `running` or `interrupted`. */
  state: Int32Array
  /** The processor time of the whole process and the time of `Date.now`, in ms. */
  ends: Float64Array
}

export const viewsOf = (shared: SharedArrayBuffer): AlarmViews => ({
  state: new Int32Array(shared, 0, 1),
  ends: new Float64Array(shared, 8, 2),
})

/** The processor time of this process, all threads together, in ms. */
export function processMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** The main thread's side of the watchdog. */
export interface Alarm {
  start(): void
  /** Whether the watchdog has interrupted the run. */
  stop(): boolean
  /** The run may go on for so much processor time of this thread, and no longer than until a time of `Date.now`. */
  set(leftMs: number, wallEnd: number): void
}

/** How much more the watchdog allows, since other threads of the process (compiler, collector) count for it, too. */
const slackMs = 200
const slackShare = 0.1

export function alarmOf(shared: SharedArrayBuffer): Alarm {
  const { state, ends } = viewsOf(shared)
  return {
    start() {
      Atomics.store(state, 0, running)
      Atomics.notify(state, 0)
    },
    stop: () => Atomics.exchange(state, 0, idle) === interrupted,
    set(leftMs, wallEnd) {
      ends[0] = processMs() + leftMs * (1 + slackShare) + slackMs
      ends[1] = wallEnd
    },
  }
}
