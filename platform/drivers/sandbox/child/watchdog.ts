import { workerData } from 'node:worker_threads'
import { idle, interrupted, processMs, running, viewsOf } from './alarm.ts'

// Ends the interpreter process when its parent is gone, and a run that stays in C code past its end, even inside a loop
// that never returns to JavaScript.
const { parent, shared } = workerData as { parent: number; shared: SharedArrayBuffer }
const { state, ends } = viewsOf(shared)
const restMs = 500
const watchMs = 25
/** How much processor time an interrupted run may take to end. */
const endMs = 2_000

for (let killAt = Number.POSITIVE_INFINITY; ;) {
  const seen = Atomics.load(state, 0)
  Atomics.wait(state, 0, seen, seen === idle ? restMs : watchMs)
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  const [cpuEnd = 0, wallEnd = 0] = ends
  const used = processMs()
  if (seen === interrupted) {
    if (used > killAt) process.kill(process.pid, 'SIGXCPU')
  } else if (seen === running && (used > cpuEnd || Date.now() > wallEnd)) {
    if (Atomics.compareExchange(state, 0, running, interrupted) !== running) continue
    killAt = used + endMs
    process.kill(process.pid, 'SIGINT')
  }
}
