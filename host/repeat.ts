import { wakeableSleep } from '../agents/wakeable-sleep.ts'

/** Does `work` at once and then again `pauseMs` after each end, until it is disposed; `work` throws nothing. */
export function startRepeating(pauseMs: number, work: () => Promise<void>): AsyncDisposable {
  const notifier = wakeableSleep(pauseMs)
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work()
      await notifier.wait()
    }
  }
  const running = run()
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      notifier.notify()
      await running
    },
  }
}
