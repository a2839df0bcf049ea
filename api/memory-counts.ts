import type { FastifyRateLimitStore } from '@fastify/rate-limit'

type Done = Parameters<FastifyRateLimitStore['incr']>[1]

/** How many keys are remembered; beyond it the one whose window began first is forgotten. */
const most = 100_000

/**
 * Counts of one process, each in a window that its first request begins. The library's own hands all callers the same
 * object, so that of parallel requests at the limit none gets through.
 */
export class MemoryCounts implements FastifyRateLimitStore {
  /** In the order in which the windows began. */
  readonly #counts = new Map<string, { current: number; until: number }>()
  readonly #now: () => number

  constructor(_options?: unknown, now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** `windowMs` must be the same at every call. */
  incr(key: string, done: Done, windowMs = 60_000): void {
    const now = this.#now()
    this.#forget(now)
    const { current, until } = this.#counts.get(key) ?? { current: 0, until: now + windowMs }
    this.#counts.set(key, { current: current + 1, until })
    done(null, { current: current + 1, ttl: until - now })
  }

  #forget(now: number): void {
    for (const [key, { until }] of this.#counts) {
      if (until > now && this.#counts.size < most) break
      this.#counts.delete(key)
    }
  }

  /** All routes share the counts. */
  child(): this {
    return this
  }
}
