import { createSigner } from 'fast-jwt'
import { defineCheck } from '../check.ts'

const answerMs = 1_000
const patienceMs = 5_000
const weakSecrets = ['secret', 'changeme', 'learnflow', '']
const guarded = '/api/v1/exercises'

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Tokens that anybody can make, or that were valid once: all must be refused. */
function badTokens(secret: string): Record<string, string> {
  const claims = {
    sub: 'synthetic-forger',
    role: 'operator',
    iss: 'learnflow',
    aud: 'learnflow',
    exp: Math.floor(Date.now() / 1_000) + 600,
  }
  const sign = (key: string, body: object): string =>
    createSigner({ key, algorithm: 'HS256' })(body as Record<string, unknown>)
  const guessed = Object.fromEntries(
    weakSecrets.filter(key => key !== '').map(key => [`guessed secret "${key}"`, sign(key, claims)]),
  )
  return {
    ...guessed,
    'alg none': `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claims)}.`,
    expired: sign(secret, { ...claims, exp: claims.exp - 3_600 }),
    'without exp': sign(secret, { ...claims, exp: undefined, iat: undefined, noTimestamp: true }),
    'other audience': sign(secret, { ...claims, aud: 'elsewhere' }),
  }
}

export default [
  defineCheck({
    id: 'api.answers',
    claim: `the API says it is ready within ${answerMs} ms`,
    fault: 'platform-stopped',
    async run({ client }) {
      const start = performance.now()
      const { status } = await client({ token: undefined }).raw('GET', '/health/ready', { timeoutMs: patienceMs })
      const took = performance.now() - start
      return { ok: status === 200, late: took > answerMs, measured: `${status} in ${took.toFixed(0)} ms` }
    },
  }),
  defineCheck({
    id: 'api.token-needed',
    claim: 'a request without a token is refused with 401',
    fault: 'gateway-adds-token',
    async run({ client }) {
      const { status } = await client({ token: undefined }).raw('GET', guarded)
      return { ok: status === 401, measured: String(status) }
    },
  }),
  defineCheck({
    id: 'api.token-forged',
    claim: 'guessed secrets, alg none, expired, endless and foreign tokens are refused with 401',
    fault: 'weak-secret',
    async run({ client, secret }) {
      const open: string[] = []
      const tokens = Object.entries(badTokens(secret))
      for (const [name, token] of tokens)
        if ((await client({ token }).raw('GET', guarded)).status !== 401) open.push(name)
      return {
        ok: open.length === 0,
        measured: open.length === 0 ? `${tokens.length} refused` : `let in: ${open.join(', ')}`,
      }
    },
  }),
  defineCheck({
    id: 'api.own-only',
    claim: "a student's request and mastery are closed to other students",
    fault: 'gateway-adds-token',
    async run({ client, newStudent }) {
      const [owner, other] = [newStudent(), newStudent()]
      const { request_id } = await client({ student: owner }).submit(
        'square',
        'def square(n): return n * n',
        'own-only',
      )
      const statuses = await Promise.all(
        [`/api/v1/requests/${request_id}`, `/api/v1/agents/progress/mastery/${owner}`].map(
          async path => (await client({ student: other }).raw('GET', path)).status,
        ),
      )
      return { ok: statuses.every(status => status === 403 || status === 404), measured: statuses.join(', ') }
    },
  }),
]
