import { setTimeout as sleep } from 'node:timers/promises'

interface Patience {
  limitMs: number
  everyMs?: number
}

/**
 * Repeats the question until it is true and returns how many ms that took; undefined when it was not true within
 * `limitMs`. Errors of the question are thrown.
 */
export async function msUntil(
  holds: () => boolean | Promise<boolean>,
  { limitMs, everyMs = 250 }: Patience,
): Promise<number | undefined> {
  const start = performance.now()
  while (!(await holds())) {
    if (performance.now() - start > limitMs) return undefined
    await sleep(everyMs)
  }
  return performance.now() - start
}

/** The same for callers that cannot continue otherwise. @throws naming `what` when it was never true. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patience: Patience,
): Promise<number> {
  const took = await msUntil(holds, patience)
  if (took === undefined) throw new Error(`${what}: not within ${patience.limitMs / 1_000} s`)
  return took
}

/** Whether the question succeeds now; a failure means that the engine is down. */
export const answers = async (question: () => Promise<unknown>): Promise<boolean> =>
  question().then(
    () => true,
    () => false,
  )
