import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { secret, startStack, tokenFor } from '../../api/test-stack.ts'
import { kongWays } from './pair.ts'
import { type Edge, edgePairs, runEdge } from './run.ts'

const limit = 100
const stack = await startStack({ working: false, settings: { LEARNFLOW_REQUESTS_PER_MINUTE: limit } })
afterAll(async () => stack[Symbol.asyncDispose]())
const edge: Edge = { url: stack.url, secret, issuer: 'learnflow', limit, by: 'api' }

interface Damage {
  /** Changes the headers that go on. */
  onward?: (headers: Record<string, unknown>) => void
  /** Changes status and headers of the answer. */
  back?: (answer: { status: number; headers: Record<string, unknown> }) => void
}

/** A proxy before the stack that does something wrong. */
async function wrongEdge({ onward = () => {}, back = () => {} }: Damage): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((incoming, answer) => {
    const headers: Record<string, unknown> = { ...incoming.headers }
    onward(headers)
    const way = { method: incoming.method, headers: headers as Record<string, string> }
    const out = request(new URL(incoming.url ?? '/', stack.url), way, reply => {
      const changed = { status: reply.statusCode ?? 502, headers: { ...reply.headers } as Record<string, unknown> }
      back(changed)
      answer.writeHead(changed.status, changed.headers as Record<string, string>)
      reply.pipe(answer)
    })
    out.on('error', () => answer.destroy())
    incoming.pipe(out)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const foundBy = async (damage: Damage): Promise<string[]> => {
  await using wrong = await wrongEdge(damage)
  const findings = await runEdge({ ...edge, url: wrong.url })
  return findings.flatMap(({ id, differs }) => (differs.length === 0 ? [] : [id]))
}

test('the API answers every request as it must', async () => {
  const findings = await runEdge(edge)
  expect(findings.length).toBeGreaterThanOrEqual(60)
  expect(findings.filter(({ differs }) => differs.length > 0)).toEqual([])
})

test('each pair has its own name, and every way in which Kong may differ is used', () => {
  expect(new Set(edgePairs.map(({ id }) => id)).size).toBe(edgePairs.length)
  expect(new Set(edgePairs.flatMap(({ kong }) => kong?.way ?? []))).toEqual(new Set(Object.keys(kongWays)))
})

test('where nothing answers, that is what is said', async () => {
  await expect(runEdge({ ...edge, url: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
})

test('an edge that only passes on is not accused', async () => {
  expect(await foundBy({})).toEqual([])
})

test.for<[string, Damage, string[]]>([
  [
    'makes an operator of who has no token',
    { onward: headers => void (headers['authorization'] ??= `Bearer ${tokenFor('root', 'operator')}`) },
    ['token.none', 'token.in-query', 'token.in-cookie'],
  ],
  [
    'lets request 101 through',
    { back: answer => void (answer.status === 429 && (answer.status = 200)) },
    ['limit.next', 'limit.last-place-once', 'limit.other-token-of-the-student'],
  ],
  [
    'drops the headers of the limit',
    { back: ({ headers }) => ['retry-after', 'ratelimit-remaining'].forEach(name => delete headers[name]) },
    ['limit.told', 'limit.next'],
  ],
  [
    'shows who may not be known',
    { back: ({ headers }) => void delete headers['www-authenticate'] },
    ['token.expired', 'token.wrong-secret'],
  ],
  [
    'answers refusals with a page of its own',
    { back: ({ headers }) => void (headers['content-type'] = 'text/html') },
    ['other.history', 'body.nul', 'unknown.root'],
  ],
])('an edge that %s is found out', async ([, damage, wanted]) => {
  expect(await foundBy(damage)).toEqual(expect.arrayContaining(wanted))
})
