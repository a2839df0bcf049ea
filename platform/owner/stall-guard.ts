import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

const beatMs = 250

/**
 * Ends this process with SIGKILL when its event loop has stood still for `seconds` of processor time: the embedded
 * database works inside it and spins without end when the disk fills up in the middle of a commit. Nothing that was
 * acknowledged is lost; whoever supervises the process starts it again. A process that is stopped, or waits for a
 * processor, is not taken for one that stands still.
 */
export function startStallGuard(seconds: number): Disposable {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const timer = setInterval(() => Atomics.add(beats, 0, 1), beatMs)
  const worker = new Worker(join(import.meta.dirname, `stall-watch${extname(import.meta.filename)}`), {
    execArgv: [],
    workerData: { beats, seconds },
  })
  timer.unref()
  worker.unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      void worker.terminate()
    },
  }
}
