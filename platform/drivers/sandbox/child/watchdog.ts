import { workerData } from 'node:worker_threads'

/** Ends the interpreter process when its parent is gone, even inside a loop that never returns to JavaScript. */
const parent = workerData as number
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 500)
