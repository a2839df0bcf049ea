import { createServer } from 'node:net'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { openCounts } from '../platform/drivers/direct/all.ts'
import { MemoryCounts } from './memory-counts.ts'
import { addressOf } from './request-limit.ts'
import { startStack, tokenFor } from './test-stack.ts'

const limit = 100
const stack = await startStack({ working: false, settings: { LEARNFLOW_REQUESTS_PER_MINUTE: limit } })
afterAll(async () => stack[Symbol.asyncDispose]())
const path = '/api/v1/exercises'
const times = async <T>(count: number, call: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, async () => call()))
const get = async (token: string | null, headers: Record<string, string> = {}) =>
  stack.call('GET', path, { token, headers })

test('request 101 of a student in a minute is refused, whatever it calls itself, and others go on', async () => {
  const token = tokenFor('ann')
  const first = await get(token)
  expect(first.status).toBe(200)
  expect(first.headers.get('ratelimit-limit')).toBe('100')
  expect(first.headers.get('ratelimit-remaining')).toBe('99')
  expect(Number(first.headers.get('ratelimit-reset'))).toBeGreaterThan(0)
  await times(limit - 1, async () => get(token))
  const refused = await get(tokenFor('ann', 'student', { jti: 'another token' }), { 'x-student-id': 'bob' })
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'TOO_MANY_REQUESTS', detail: 'more than 100 requests in a minute', hint: expect.any(String) },
  })
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(refused.headers.get('ratelimit-remaining')).toBe('0')
  expect(refused.headers.get('retry-after')).toBe(refused.headers.get('ratelimit-reset'))
  expect((await get(tokenFor('bob'))).headers.get('ratelimit-remaining')).toBe('99')
})

test('of 50 parallel requests after 99 exactly one gets through', async () => {
  const token = tokenFor('cleo')
  await times(limit - 1, async () => get(token))
  const statuses = (await times(50, async () => get(token))).map(({ status }) => status)
  expect(statuses.filter(status => status === 200)).toHaveLength(1)
  expect(statuses.filter(status => status === 429)).toHaveLength(49)
})

test('they are counted one by one even when they arrive at the same instant, and a new window begins after a minute', () => {
  let now = 0
  const counts = new MemoryCounts({}, () => now)
  const at: unknown[] = []
  const count = (key: string) => counts.incr(key, (_error, result) => at.push(result), 60_000)
  count('ann')
  now = 59_999
  count('ann')
  count('bob')
  now = 60_000
  count('ann')
  expect(at).toEqual([
    { current: 1, ttl: 60_000 },
    { current: 2, ttl: 1 },
    { current: 1, ttl: 60_000 },
    { current: 1, ttl: 60_000 },
  ])
})

test('staff and the routes that are open to all are not counted', async () => {
  for (const role of ['teacher', 'operator'] as const) {
    const answers = await times(limit + 1, async () => get(tokenFor('tess', role)))
    expect(answers.every(({ status, headers }) => status === 200 && !headers.has('ratelimit-limit'))).toBe(true)
  }
  const open = await times(limit + 1, async () => stack.call('GET', '/health/live'))
  expect(open.every(({ status }) => status === 200)).toBe(true)
})

test('a stream of events is one request', async () => {
  const token = tokenFor('dora')
  const { body } = await stack.submit(token)
  const left = new AbortController()
  const stream = await fetch(`${stack.url}/api/v1/requests/${body.request_id}/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: left.signal,
  })
  expect(stream.headers.get('ratelimit-remaining')).toBe('98')
  left.abort()
  expect((await get(token)).headers.get('ratelimit-remaining')).toBe('97')
})

test('those without a valid token are counted by their address', async () => {
  const statuses = (await times(limit + 10, async () => get(null))).map(({ status }) => status)
  expect(statuses.filter(status => status === 401)).toHaveLength(limit)
  expect(await get('forged')).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } })
  expect(await get(tokenFor('emil'))).toMatchObject({ status: 200 })
})

test('an address of IPv6 counts by its /64, and a connection that was reset, which has none, is no failure', () => {
  expect(addressOf('2001:db8::1')).toBe(addressOf('2001:db8::2'))
  expect(addressOf(undefined)).toBe('address ')
})

test('while the counts do not answer, requests go through; the log and the metrics say so', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  const lines: string[] = []
  const logger = pino(
    { level: 'error' },
    new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) }),
  )
  await using counts = openCounts(readConfig({ LEARNFLOW_REDIS_NODES: `127.0.0.1:${port}` }, {}, '/'), logger)
  await using cut = await startStack({
    working: false,
    counts,
    logger,
    settings: { LEARNFLOW_REQUESTS_PER_MINUTE: 1 },
  })
  const token = tokenFor('ann')
  for (let at = 0; at < 3; at += 1) expect(await cut.call('GET', path, { token })).toMatchObject({ status: 200 })
  const { body } = await cut.call('GET', '/metrics')
  expect(body).toContain('learnflow_request_limit_up 0')
  expect(body).toContain('learnflow_request_limit{what="uncounted"} 3')
  expect(lines.filter(line => line.includes('requests are not counted'))).toHaveLength(1)
})
