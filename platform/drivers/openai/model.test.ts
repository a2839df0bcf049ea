import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { Model, ModelReply } from '../../ports/model.ts'
import { openaiModel } from './model.ts'
import { type Answer, completion, openEndpoint, type Received } from './test-endpoint.ts'

const prompt = { instructions: 'Word the answer.', data: '{"answer": "A loop repeats."}' }
const limits = { seconds: 10, callsPerDay: 50 }
const ask = async (model: Model, ms = 20_000): Promise<ModelReply> =>
  model.complete(prompt, { maxWords: 100, signal: AbortSignal.timeout(ms) })

async function keyFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'learnflow-key-'))
  onTestFinished(async () => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'key')
  await writeFile(file, content)
  return file
}

async function open(
  answer: (received: Received) => string | Answer,
  options: { keyFile?: string; openSeconds?: number } = {},
) {
  const endpoint = await openEndpoint(answer)
  onTestFinished(async () => endpoint[Symbol.asyncDispose]())
  return { endpoint, model: await openaiModel({ url: endpoint.url, name: 'tiny', limits, ...options }) }
}

test('what a model says comes back; it is sent instructions and data apart, and the key of the file', async () => {
  const { endpoint, model } = await open(() => 'A loop does a thing again.', { keyFile: await keyFile('sk-123\n') })
  expect(await ask(model)).toEqual({ ended: 'ok', text: 'A loop does a thing again.' })
  expect(endpoint.received).toMatchObject([
    {
      path: '/v1/chat/completions',
      authorization: 'Bearer sk-123',
      body: {
        model: 'tiny',
        stream: false,
        messages: [
          { role: 'system', content: prompt.instructions },
          { role: 'user', content: prompt.data },
        ],
      },
    },
  ])
  expect(model).toMatchObject({ name: 'tiny', host: endpoint.host })
})

const broken: Record<string, [Answer, ModelReply]> = {
  '500': [response => response.writeHead(500).end('sk-123'), { ended: 'failed', why: 'it answered 500' }],
  '401': [response => response.writeHead(401).end('bad key sk-123'), { ended: 'failed', why: 'it answered 401' }],
  'half an answer': [
    response => {
      response.writeHead(200, { 'content-length': '5000' })
      response.write(completion('A loop').slice(0, 20), () => response.destroy())
    },
    { ended: 'failed', why: 'no complete answer: UND_ERR_SOCKET' },
  ],
  'a body that is no JSON': [
    response => response.end('<html>'),
    { ended: 'failed', why: 'its answer is no chat completion' },
  ],
  'a text that is cut off': [
    response => response.end(completion('A loop', 'length')),
    { ended: 'failed', why: 'its answer is not complete' },
  ],
  'its key': [
    response => response.end(completion('your key is sk-123')),
    { ended: 'failed', why: 'its answer holds the key' },
  ],
}
for (const [name, [answer, expected]] of Object.entries(broken))
  test(`${name} is a failed call that says nothing of what was written`, async () => {
    const { model } = await open(() => answer, { keyFile: await keyFile('sk-123') })
    expect(await ask(model)).toEqual(expected)
  })

test('of 50 MB, plain or packed, no more than the first 64 kB are read', async () => {
  let sent = 0
  const flood: Answer = response => {
    const part = Buffer.alloc(1_000_000, 32)
    const write = (): void => {
      if (sent >= 50 || response.destroyed) return
      sent += 1
      if (response.write(part)) setImmediate(write)
      else response.once('drain', write)
    }
    write()
  }
  const large = { ended: 'failed', why: 'its answer is larger than 65536 bytes' }
  expect(await ask((await open(() => flood)).model)).toEqual(large)
  expect(sent).toBeLessThan(50)
  const packed = gzipSync(Buffer.alloc(50_000_000, 32))
  const bomb: Answer = response => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
  expect(await ask((await open(() => bomb)).model)).toEqual(large)
})

test('one that hangs, before or within its answer, ends at the deadline', async () => {
  for (const hang of [() => {}, (response => response.write('{"choices":')) as Answer])
    expect(await ask((await open(() => hang)).model, 60)).toEqual({ ended: 'timed_out' })
})

test('a redirect is not followed, so that the key goes nowhere else', async () => {
  const elsewhere = await open(() => 'caught')
  const { model } = await open(
    () => response => response.writeHead(307, { location: `${elsewhere.endpoint.url}/chat/completions` }).end(),
    { keyFile: await keyFile('sk-123') },
  )
  expect(await ask(model)).toMatchObject({ ended: 'failed', why: expect.stringMatching(/307, a redirect/) })
  expect(elsewhere.endpoint.received).toEqual([])
})

test('after five failures in a row nothing is sent for a while; then one call decides', async () => {
  let down = true
  const { endpoint, model } = await open(() => (down ? response => response.writeHead(503).end() : 'well again'), {
    openSeconds: 0.2,
  })
  for (let call = 0; call < 5; call += 1) expect(await ask(model)).toMatchObject({ ended: 'failed' })
  expect(model.breaker()).toBe('open')
  expect(await ask(model)).toEqual({ ended: 'circuit_open' })
  expect(endpoint.received).toHaveLength(5)
  // Still down: the one call that is let through opens it again.
  await expect.poll(async () => ask(model), { interval: 20 }).toMatchObject({ ended: 'failed' })
  expect(endpoint.received).toHaveLength(6)
  expect(model.breaker()).toBe('open')
  down = false
  await expect.poll(async () => ask(model), { interval: 20 }).toEqual({ ended: 'ok', text: 'well again' })
  expect(model.breaker()).toBe('closed')
})

test('no server at all is a failed call', async () => {
  const { endpoint, model } = await open(() => 'x')
  await endpoint[Symbol.asyncDispose]()
  expect(await ask(model)).toEqual({ ended: 'failed', why: 'no complete answer: ECONNREFUSED' })
})

test('a key that HTTP would refuse is refused at the start, and no error shows it', async () => {
  for (const content of ['', 'sk-secret\nsk-second', 'sk-sécret']) {
    const file = await keyFile(content)
    const error: unknown = await openaiModel({ url: 'http://127.0.0.1:1/v1', name: 'x', limits, keyFile: file }).catch(
      (cause: unknown) => cause,
    )
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(file) })
    expect(inspect(error)).not.toMatch(/sk-s/)
  }
  const { model } = await open(() => 'x', { keyFile: await keyFile('sk-123') })
  expect(inspect(model, { depth: 9, showHidden: true })).not.toContain('sk-123')
})

test('a key that is changed is used at the next call', async () => {
  const file = await keyFile('sk-1')
  const { endpoint, model } = await open(() => 'x', { keyFile: file })
  await ask(model)
  await writeFile(file, 'sk-2')
  await ask(model)
  expect(endpoint.received.map(one => one.authorization)).toEqual(['Bearer sk-1', 'Bearer sk-2'])
})
