import { request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const page = 'https://school.example'
const stack = await startStack({
  working: false,
  settings: { LEARNFLOW_CORS_ORIGINS: `${page},http://localhost:5173` },
})
const closed = await startStack({ working: false })
afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  await closed[Symbol.asyncDispose]()
})
const authorization = `Bearer ${tokenFor('ann')}`
const exercises = '/api/v1/exercises'

async function get(path: string, headers: Record<string, string> = {}, method = 'GET', at = stack.url) {
  return fetch(new URL(path, at), { method, headers: { authorization, ...headers } })
}

test('who has the exercises is told that they are the same, and who has others gets them', async () => {
  const first = await get(exercises)
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[^"]+"$/)
  const again = await get(exercises, { 'if-none-match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect((await get(exercises, { 'if-none-match': '"other"' })).status).toBe(200)
  expect((await get(`${exercises}/square`)).headers.get('etag')).not.toBe(etag)
})

/** The encoding of an answer and how many bytes were sent, which `fetch` does not tell. */
async function sent(path: string, accept: string): Promise<{ encoding: string | undefined; bytes: number }> {
  return new Promise((resolve, reject) => {
    const asking = request(
      new URL(path, stack.url),
      { headers: { authorization, 'accept-encoding': accept } },
      reply => {
        let bytes = 0
        reply.on('data', (some: Buffer) => (bytes += some.length))
        reply.on('end', () => resolve({ encoding: reply.headers['content-encoding'], bytes }))
      },
    )
    asking.on('error', reject).end()
  })
}

test('large answers are compressed for those who accept it, small ones are not', async () => {
  const plain = await sent(exercises, 'identity')
  expect(plain.encoding).toBeUndefined()
  for (const encoding of ['gzip', 'br']) {
    const packed = await sent(exercises, encoding)
    expect(packed.encoding).toBe(encoding)
    expect(packed.bytes).toBeLessThan(plain.bytes / 2)
  }
  expect((await sent('/health/live', 'gzip')).encoding).toBeUndefined()
})

test('pages of the configured origins may call the API, others may not, and by default none may', async () => {
  const asking = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
  const allowed = async (origin: string, at = stack.url): Promise<string | null> => {
    const preflight = await get('/api/v1/submissions', { origin, ...asking }, 'OPTIONS', at)
    const call = await get(exercises, { origin }, 'GET', at)
    expect(call.headers.get('access-control-allow-origin')).toBe(preflight.headers.get('access-control-allow-origin'))
    return call.headers.get('access-control-allow-origin')
  }
  expect(await allowed(page)).toBe(page)
  expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173')
  expect(await allowed('https://other.example')).toBeNull()
  expect(await allowed(page, closed.url)).toBeNull()
})
