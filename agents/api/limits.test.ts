import { createSigner } from 'fast-jwt'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

test('a program that finds the queue of the sandbox full is refused with the time to come back, and the ones before it run', async () => {
  await using stack = await startStack({ working: false, queueLimit: 1 })
  const { sandbox } = stack.ports
  const token = tokenFor('ann')
  const run = async (code: string) => stack.call('POST', '/api/v1/sandbox/execute/python', { token, body: { code, seconds: 5 } })
  const running = run('import time\ntime.sleep(3)')
  await expect.poll(() => sandbox.health().busy, { timeout: 20_000, interval: 10 }).toBe(1)
  const waiting = run('print(1)')
  await expect.poll(() => sandbox.health().queued, { timeout: 20_000, interval: 10 }).toBe(1)
  const refused = await run('print(2)')
  expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS', hint: expect.any(String) } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await Promise.all([running, waiting])).toMatchObject([
    { status: 200, body: { ended: 'ok' } },
    { status: 200, body: { ended: 'ok', stdout: '1\n' } },
  ])
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
  const rs256 = (key: string, given: object = {}) => createSigner({ key, algorithm: 'RS256' })({ ...claims, exp, ...given })
  const statusOf = async (token: string) => (await stack.call('GET', '/api/v1/students/ann/history', { token })).status
  expect(await statusOf(rs256(ours.privateKey))).toBe(200)
  expect(await statusOf(rs256(foreign.privateKey))).toBe(401)
  expect(await statusOf(rs256(ours.privateKey, { exp: exp - 1_200 }))).toBe(401)
  expect(await statusOf(rs256(ours.privateKey, { aud: 'another' }))).toBe(401)
  expect(await statusOf(tokenFor('ann'))).toBe(401)
  // The classic confusion: the public key taken for a shared secret.
  const forged = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, exp },
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  expect(await statusOf(`${forged}.${createHmac('sha256', ours.publicKey).update(forged).digest('base64url')}`)).toBe(401)
})
