import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { PlatformError } from '../platform/errors.ts'

/** Long enough to read a plan, short enough that the plan is still valid. */
const lifeMs = 10 * 60_000
/**
 * About 70 bits. Guesses can be checked only by calling this server. Digits are used because a model pays one token for
 * three digits, and more for letters.
 */
const macDigits = 21

/** The exact change: the operation, its arguments with their defaults, and the result of the dry run. */
export interface Planned {
  op: string
  args: unknown
  plan: readonly string[]
  changed: number
}

export interface Confirmations {
  /** A token that allows this plan, and no other, once within ten minutes. */
  issue(planned: Planned): string
  /** @throws FORBIDDEN when the token is for another plan, expired, used or not issued here. */
  redeem(token: string, planned: Planned): void
}

/** The key is lost when this process ends, so that a plan must be shown again after a restart. */
export function openConfirmations(now: () => number = Date.now): Confirmations {
  const key = randomBytes(32)
  const used = new Map<string, number>()
  const mac = (planned: Planned, expiry: number): string => {
    const hex = createHmac('sha256', key)
      .update(`${expiry}:${digestOf(planned)}`)
      .digest('hex')
    return BigInt(`0x${hex}`).toString().slice(-macDigits)
  }
  return {
    issue(planned) {
      const expiry = Math.floor((now() + lifeMs) / 1_000)
      return `${expiry.toString(36)}.${mac(planned, expiry)}`
    },
    redeem(token, planned) {
      for (const [old, expiry] of used) if (expiry < now() / 1_000) used.delete(old)
      const [stamp = '', given = ''] = token.split('.')
      const expiry = Number.parseInt(stamp, 36)
      const wanted = mac(planned, expiry)
      const same =
        given.length === wanted.length &&
        Buffer.byteLength(given) === wanted.length &&
        timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
      // Only the exact spelling is accepted, because another spelling could be used a second time.
      if (!same || token !== `${expiry.toString(36)}.${given}` || !(expiry >= now() / 1_000) || used.has(token))
        throw new PlatformError('FORBIDDEN', 'this confirmation is not, or no longer, of what would happen now', {
          hint: 'Ask again with dry_run and use its confirm.',
        })
      used.set(token, expiry)
    },
  }
}

const digestOf = ({ op, args, plan, changed }: Planned): string =>
  createHash('sha256')
    .update(JSON.stringify([op, sorted(args), plan, changed]))
    .digest('hex')

/** The same value with the fields of every object sorted. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}
