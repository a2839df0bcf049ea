import rateLimit from '@fastify/rate-limit'
import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../platform/errors.ts'
import type { Caller } from './auth.ts'
import type { ApiDeps, App, LimitFigures } from './context.ts'
import { MemoryCounts } from './memory-counts.ts'

/** The fields of draft-ietf-httpapi-ratelimit-headers-06: figures per minute, `ratelimit-reset` in seconds. */
export const limitHeaders = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'] as const

export interface RequestLimit {
  /** Counts a request of `caller`, or of its address without one. @throws TOO_MANY_REQUESTS */
  count(request: FastifyRequest, reply: FastifyReply, caller: Caller | undefined): Promise<void>
  figures(): LimitFigures
}

const windowMs = 60_000
/** Who sends from an address; a connection that was reset has none any more. */
export const addressOf = (ip: string | undefined): string => `address ${rateLimit.normalizeIP(ip ?? '')}`

/** How long the counts are left alone after a failure. */
const restMs = 1_000

/**
 * Limits what each student may send in a minute, over all API processes where they share counts. Teachers and operators
 * are not counted. While the counts do not answer, requests go through uncounted: a learner is not turned away because
 * a counter is missing.
 */
export async function requestLimit(app: App, { config, ports: { counts, logger } }: ApiDeps): Promise<RequestLimit> {
  const who = new WeakMap<FastifyRequest, string>()
  const max = config.LEARNFLOW_REQUESTS_PER_MINUTE
  await app.register(rateLimit, {
    global: false,
    max,
    timeWindow: windowMs,
    nameSpace: 'learnflow-requests:',
    keyGenerator: request => who.get(request) ?? '',
    ...(counts === undefined ? { store: MemoryCounts } : { redis: counts.client }),
  })
  const add = app.createRateLimit()
  const breaker = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(1), halfOpenAfter: restMs })
  let failing = false
  // Also comes when a later attempt fails, which is no news.
  breaker.onBreak(reason => {
    if (!failing) logger.error({ err: 'error' in reason ? reason.error : reason }, 'requests are not counted')
    failing = true
  })
  breaker.onReset(() => {
    failing = false
    logger.info('requests are counted again')
  })
  const totals = { refused: 0, uncounted: 0 }
  return {
    figures: () => ({ up: !failing, ...totals }),
    async count(request, reply, caller) {
      if (caller !== undefined && caller.role !== 'student') return
      who.set(request, caller === undefined ? addressOf(request.ip) : `student ${caller.sub}`)
      const counted = await breaker.execute(async () => within(counts?.seconds, add(request))).catch(() => undefined)
      if (counted === undefined) totals.uncounted += 1
      if (counted === undefined || counted.isAllowed) return
      const [most, left, reset] = limitHeaders
      reply.headers({ [most]: max, [left]: counted.remaining, [reset]: counted.ttlInSeconds })
      if (!counted.isExceeded) return
      totals.refused += 1
      reply.header('retry-after', Math.max(1, counted.ttlInSeconds))
      throw new PlatformError('TOO_MANY_REQUESTS', `more than ${max} requests in a minute`, {
        hint: `Go on in ${counted.ttlInSeconds} s. Prefer: wait=30 or the stream of a request's events spares asking again.`,
      })
    },
  }
}

/** @throws when the answer takes longer */
async function within<T>(seconds: number | undefined, answer: Promise<T>): Promise<T> {
  if (seconds === undefined) return answer
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${seconds} s`)), seconds * 1_000)
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer))
}
