import { createSigner } from 'fast-jwt'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

test('a full sandbox queue refuses a program with Retry-After, and the ones before it run', async () => {
  await using stack = await startStack({ working: false, queueLimit: 1 })
  const token = tokenFor('ann')
  const run = async (code: string) =>
    stack.call('POST', '/api/v1/sandbox/execute/python', { token, body: { code, seconds: 5 } })
  // After this run the only interpreter has started.
  expect(await run('print(0)')).toMatchObject({ status: 200 })
  const busy = 'import time\nend = time.perf_counter() + 0.5\nwhile time.perf_counter() < end: pass\nprint(1)'
  const answers = await Promise.all(Array.from({ length: 3 }, async () => run(busy)))
  const [first, second, refused] = answers.toSorted((one, other) => one.status - other.status)
  for (const ran of [first, second]) expect(ran).toMatchObject({ status: 200, body: { ended: 'ok', stdout: '1\n' } })
  expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS', hint: expect.any(String) } })
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('with a public key configured, RS256 tokens of its private key count and nothing else', async () => {
  const pair = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
  const [ours, foreign] = [pair(), pair()]
  await using stack = await startStack({ working: false, settings: { LEARNFLOW_JWT_PUBLIC_KEY: ours.publicKey } })
  const claims = { sub: 'ann', role: 'student', iss: 'learnflow', aud: 'learnflow' }
  const exp = Math.floor(Date.now() / 1_000) + 600
  const rs256 = (key: string, given: object = {}) =>
    createSigner({ key, algorithm: 'RS256' })({ ...claims, exp, ...given })
  const statusOf = async (token: string) => (await stack.call('GET', '/api/v1/students/ann/history', { token })).status
  expect(await statusOf(rs256(ours.privateKey))).toBe(200)
  expect(await statusOf(rs256(foreign.privateKey))).toBe(401)
  expect(await statusOf(rs256(ours.privateKey, { exp: exp - 1_200 }))).toBe(401)
  expect(await statusOf(rs256(ours.privateKey, { aud: 'another' }))).toBe(401)
  expect(await statusOf(tokenFor('ann'))).toBe(401)
  // The known attack of using the public key as a shared secret.
  const forged = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, exp },
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  expect(await statusOf(`${forged}.${createHmac('sha256', ours.publicKey).update(forged).digest('base64url')}`)).toBe(
    401,
  )
})
