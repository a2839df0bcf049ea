import { setTimeout as sleep } from 'node:timers/promises'

interface Patience {
  limitMs: number
  everyMs?: number
}

/** Asks until it holds, and how many ms that took; undefined when it never did within `limitMs`. What the question throws is thrown. */
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

/** The same where going on makes no sense unless it holds. @throws naming `what` when it never did. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patience: Patience,
): Promise<number> {
  const took = await msUntil(holds, patience)
  if (took === undefined) throw new Error(`${what}: not within ${patience.limitMs / 1_000} s`)
  return took
}

/** Whether a question can be answered now: for what is down. */
export const answers = async (question: () => Promise<unknown>): Promise<boolean> =>
  question().then(
    () => true,
    () => false,
  )
