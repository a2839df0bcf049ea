import { bulkhead } from 'cockatiel'
import { PlatformError } from '../platform/errors.ts'

const remembered = 20

/** Room for so many at once; those who come later wait in their order, up to `waiting` of them. */
export function openTurns(atOnce: number, waiting: number) {
  const room = bulkhead(atOnce, waiting)
  const lastMs: number[] = []
  const tooMany = (): PlatformError => {
    const ahead = waiting - room.queueSlots
    const mean = lastMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, lastMs.length)
    return new PlatformError('TOO_MANY_REQUESTS', `${atOnce} jobs run, and ${ahead} wait before this one`, {
      hint: `Try again in ${Math.max(1, Math.ceil((ahead * mean) / atOnce / 1_000))} s; job with action list shows what runs.`,
    })
  }
  /** Keeps the turn until it is over. */
  const hold = async (begun: PromiseWithResolvers<() => void>, isWanted: () => boolean): Promise<void> => {
    if (!isWanted()) return
    const over = Promise.withResolvers<void>()
    const start = performance.now()
    begun.resolve(over.resolve)
    await over.promise
    lastMs.push(performance.now() - start)
    if (lastMs.length > remembered) lastMs.shift()
  }
  return {
    /**
     * Waits for a turn and returns the function that ends it.
     * @throws TOO_MANY_REQUESTS when too many wait, or after `waitMs`; the reason of `signal`.
     */
    async take(waitMs: number, signal: AbortSignal): Promise<() => void> {
      const begun = Promise.withResolvers<() => void>()
      let isWanted = true
      const giveUp = (reason: unknown): void => {
        isWanted = false
        begun.reject(reason)
      }
      const late = setTimeout(() => giveUp(tooMany()), waitMs)
      const stop = (): void => giveUp(signal.reason)
      signal.addEventListener('abort', stop)
      room.execute(async () => hold(begun, () => isWanted)).catch(() => giveUp(tooMany()))
      try {
        return await begun.promise
      } finally {
        clearTimeout(late)
        signal.removeEventListener('abort', stop)
      }
    },
  }
}
