import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { beats, seconds } = workerData as { beats: Int32Array; seconds: number }
/** A short limit is looked at more often than it runs out. */
const watchMs = Math.min(1_000, seconds * 500)
let seen = Atomics.load(beats, 0)
let usedThen = process.cpuUsage()

// Measures CPU time since the last beat instead of wall time: a suspended process uses none, and one on a busy machine
// little.
setInterval(() => {
  const now = Atomics.load(beats, 0)
  if (now !== seen) usedThen = process.cpuUsage()
  seen = now
  const { user, system } = process.cpuUsage(usedThen)
  if ((user + system) / 1_000_000 < seconds) return
  const msg =
    `the event loop stood still for ${seconds} s of processor time and is ended; ` +
    'nothing that was acknowledged is lost'
  writeSync(2, `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, msg })}\n`)
  process.kill(process.pid, 'SIGKILL')
}, watchMs)
