import { PlatformError } from '../platform/errors.ts'

const remembered = 20

/** Room for so many at once; those who come later wait in their order, up to `waiting` of them. */
export function openTurns(atOnce: number, waiting: number) {
  const queue: PromiseWithResolvers<() => void>[] = []
  const lastMs: number[] = []
  let running = 0
  const tooMany = (): PlatformError => {
    const ahead = queue.length
    const mean = lastMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, lastMs.length)
    return new PlatformError('TOO_MANY_REQUESTS', `${atOnce} jobs run, and ${ahead} wait before this one`, {
      hint: `Try again in ${Math.max(1, Math.ceil((ahead * mean) / atOnce / 1_000))} s; job with action list shows what runs.`,
    })
  }
  /** Begins a turn and returns the function that ends it; a second call of that does nothing. */
  const begin = (): (() => void) => {
    running += 1
    const start = performance.now()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      running -= 1
      lastMs.push(performance.now() - start)
      if (lastMs.length > remembered) lastMs.shift()
      queue.shift()?.resolve(begin())
    }
  }
  return {
    /**
     * Waits for a turn and returns the function that ends it.
     * @throws TOO_MANY_REQUESTS when too many wait, or after `waitMs`; the reason of `signal`.
     */
    async take(waitMs: number, signal: AbortSignal): Promise<() => void> {
      signal.throwIfAborted()
      if (running < atOnce) return begin()
      if (queue.length >= waiting) throw tooMany()
      const turn = Promise.withResolvers<() => void>()
      queue.push(turn)
      const giveUp = (reasonOf: () => unknown): void => {
        const at = queue.indexOf(turn)
        if (at === -1) return
        queue.splice(at, 1)
        turn.reject(reasonOf())
      }
      const late = setTimeout(() => giveUp(tooMany), waitMs)
      const stop = (): void => giveUp(() => signal.reason)
      signal.addEventListener('abort', stop)
      try {
        return await turn.promise
      } finally {
        clearTimeout(late)
        signal.removeEventListener('abort', stop)
      }
    },
  }
}
