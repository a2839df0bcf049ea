import { createSigner } from 'fast-jwt'
import type { Config } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { hasProvider } from '../../platform/tokens.ts'
import type { TokenName } from './pair.ts'

export interface Keys {
  /** The HS256 secret and the `iss` of the platform behind the edge. */
  secret: string
  issuer: string
}

/**
 * What the tokens of this platform are made of, and its limit.
 * @throws CHECK_SKIPPED when an identity provider makes the tokens
 */
export function ownTokens(config: Config, secret: string): Keys & { limit: number } {
  if (hasProvider(config))
    throw new PlatformError('CHECK_SKIPPED', 'wrong tokens have to be made, and only the identity provider makes any', {
      hint: 'Measure it on a platform without a provider: learnflow up --data FOLDER.',
    })
  return { secret, issuer: config.LEARNFLOW_JWT_ISSUER, limit: config.LEARNFLOW_REQUESTS_PER_MINUTE }
}

/** Makes the tokens of a student, right and wrong ones; undefined for none. */
export function tokensOf({ secret, issuer }: Keys, student: string): (name: TokenName) => string | undefined {
  const now = Math.floor(Date.now() / 1_000)
  const claims = { sub: student, role: 'student', iss: issuer, aud: 'learnflow', exp: now + 600 }
  const sign = (changed: object = {}, key = secret, algorithm: 'HS256' | 'HS512' = 'HS256'): string =>
    createSigner({ key, algorithm, noTimestamp: true })({ ...claims, ...changed })
  const parts = (): [string, string, string] => sign().split('.') as [string, string, string]
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const makers: Readonly<Record<TokenName, () => string | undefined>> = {
    student: sign,
    teacher: () => sign({ role: 'teacher', classes: [] }),
    operator: () => sign({ role: 'operator' }),
    'second of the student': () => sign({ jti: 'second', exp: now + 500 }),
    none: () => undefined,
    garbage: () => 'garbage',
    'two parts': () => parts().slice(0, 2).join('.'),
    expired: () => sign({ exp: now - 600 }),
    'not yet valid': () => sign({ nbf: now + 300 }),
    'wrong secret': () => sign({}, 'another secret, which is as long as ours is'),
    'other issuer': () => sign({ iss: 'elsewhere' }),
    'other audience': () => sign({ aud: 'elsewhere' }),
    'other algorithm': () => sign({}, secret, 'HS512'),
    'alg none': () => `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`,
    changed: () => [parts()[0], encoded({ ...claims, role: 'operator' }), parts()[2]].join('.'),
    cut: () => sign().slice(0, -4),
    'no exp': () => sign({ exp: undefined }),
    'no sub': () => sign({ sub: undefined }),
    'empty sub': () => sign({ sub: '' }),
    'long sub': () => sign({ sub: 'x'.repeat(256) }),
    'sub with a line break': () => sign({ sub: 'synthetic-\r\nx-role: operator' }),
    'no role': () => sign({ role: undefined }),
    'unknown role': () => sign({ role: 'principal' }),
  }
  return name => makers[name]()
}
