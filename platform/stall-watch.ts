import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { beats, seconds } = workerData as { beats: Int32Array; seconds: number }
let seen = Atomics.load(beats, 0)
let still = 0

// Counts its own ticks, not the clock: both threads of a stopped process stand still.
setInterval(() => {
  const now = Atomics.load(beats, 0)
  still = now === seen ? still + 1 : 0
  seen = now
  if (still < seconds) return
  writeSync(
    2,
    `${JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, msg: `the process stood still for ${seconds} s and is ended; nothing that was acknowledged is lost` })}\n`,
  )
  process.kill(process.pid, 'SIGKILL')
}, 1_000)
