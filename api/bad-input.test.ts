import { createSigner } from 'fast-jwt'
import { connect } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { secret, startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())

const token = tokenFor('ann')
const { exercise_id } = stack.right

describe('a body that is wrong is a problem that says where', () => {
  test.each([
    ['malformed JSON', '{"code": ', 400, 'INVALID_INPUT', undefined],
    ['no object', '[]', 400, 'INVALID_INPUT', ['body']],
    ['wrong types', { exercise_id: 7, code: null }, 400, 'INVALID_INPUT', ['body.exercise_id', 'body.code']],
    ['a field we do not know', { exercise_id, code: 'x', verdict: 'passed' }, 400, 'INVALID_INPUT', ['body.verdict']],
    ['a NUL byte', { exercise_id, code: 'x = "\0"' }, 400, 'INVALID_INPUT', undefined],
    [
      'half a surrogate pair',
      `{"exercise_id":"${exercise_id}","code":"x = '\\ud800'"}`,
      400,
      'INVALID_INPUT',
      undefined,
    ],
    ['a prototype', '{"__proto__": {}}', 400, 'INVALID_INPUT', undefined],
    ['deep nesting', '['.repeat(50_000) + ']'.repeat(50_000), 400, 'INVALID_INPUT', undefined],
    ['too long a program', { exercise_id, code: 'x'.repeat(65_537) }, 400, 'INVALID_INPUT', ['body.code']],
    ['a megabyte', { exercise_id, code: 'x'.repeat(2 ** 20) }, 413, 'TOO_LARGE', undefined],
    ['an unknown exercise', { exercise_id: `${exercise_id}x`, code: 'x' }, 404, 'NOT_FOUND', undefined],
  ])('%s', async (_name, body, status, code, paths) => {
    const reply = await stack.submit(token, body)
    expect(reply).toMatchObject({
      status,
      body: {
        type: expect.stringMatching(/^urn:learnflow:problem:/),
        title: expect.any(String),
        status,
        detail: expect.any(String),
        code,
        hint: expect.any(String),
      },
    })
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    if (paths !== undefined) expect(reply.body.errors.map((one: { path: string }) => one.path)).toEqual(paths)
  })
  test('the hint of an unknown exercise names the nearest', async () => {
    expect((await stack.submit(token, { exercise_id: `${exercise_id}x`, code: 'x' })).body.hint).toContain(exercise_id)
  })
})

describe('a request that is wrong', () => {
  test('no Idempotency-Key, or one that is none', async () => {
    expect(await stack.call('POST', '/api/v1/submissions', { token, body: stack.right })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'headers.idempotency-key' }] },
    })
    expect(await stack.submit(token, stack.right, { 'idempotency-key': 'two words' })).toMatchObject({ status: 400 })
    expect(await stack.submit(token, stack.right, { 'idempotency-key': 'x'.repeat(129) })).toMatchObject({
      status: 400,
    })
  })
  test('no JSON', async () => {
    expect(await stack.submit(token, 'code=1', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      body: { code: 'INVALID_INPUT' },
    })
  })
  test('no such route, and the wrong method', async () => {
    expect(await stack.call('GET', '/api/v1/nothing', { token })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
    const reply = await stack.call('PATCH', '/api/v1/submissions', { token })
    expect(reply.status).toBe(405)
    expect(reply.headers.get('allow')).toBe('GET, HEAD, POST')
  })
  test('an id that is none, and a path that is no text', async () => {
    expect(await stack.call('GET', '/api/v1/requests/1', { token })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'params.id' }] },
    })
    expect(await stack.call('GET', '/api/v1/students/%00/history', { token })).toMatchObject({ status: 400 })
    expect(await stack.call('GET', '/api/v1/exercises/%E0%A4', { token })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT' },
    })
  })
  test('no HTTP at all', async () => {
    const answer = await new Promise<string>(resolve => {
      const socket = connect(Number(new URL(stack.url).port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'))
      socket.once('data', data => resolve(String(data)))
    })
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*application\/problem\+json/)
  })
})

describe('a token that is none', () => {
  const now = Math.floor(Date.now() / 1_000)
  const claims = { sub: 'ann', role: 'student', iss: 'learnflow', aud: 'learnflow', exp: now + 60 }
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [header, payload, signature] = token.split('.')
  test.each([
    ['none', null],
    ['nonsense', 'x.y.z'],
    ['alg none', `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`],
    ['another algorithm', createSigner({ key: secret, algorithm: 'HS512' })(claims)],
    ['another secret', createSigner({ key: 'another secret of the same length....', algorithm: 'HS256' })(claims)],
    ['changed claims', `${header}.${part({ ...claims, role: 'operator' })}.${signature}`],
    ['cut off', `${header}.${payload}`],
    ['expired', tokenFor('ann', 'student', { exp: now - 1 })],
    ['never expiring', tokenFor('ann', 'student', { exp: undefined })],
    ['another issuer', tokenFor('ann', 'student', { iss: 'someone' })],
    ['another audience', tokenFor('ann', 'student', { aud: 'someone' })],
    ['no subject', tokenFor('', 'student')],
    ['a subject that is no id', tokenFor('ann\u0007', 'student')],
    ['a role we do not know', tokenFor('ann', 'student', { role: 'root' })],
  ])('%s', async (name, bad) => {
    const reply = await stack.call('GET', '/api/v1/submissions', { token: bad })
    expect(reply).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
    expect(reply.headers.get('www-authenticate')).toMatch(
      name === 'none' ? /^Bearer realm="learnflow"$/ : /^Bearer .*error="invalid_token"/,
    )
  })
  test('health, metrics and the description need none', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
      expect((await stack.call('GET', path)).status).toBe(200)
  })
})

test('a body of bytes that are no UTF-8 is refused with the place, and an empty one of type JSON is none', async () => {
  const token = tokenFor('bytes')
  const post = async (body: Uint8Array<ArrayBuffer>) =>
    fetch(new URL('/api/v1/submissions', stack.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': 'bytes' },
      body,
    })
  const latin = Buffer.from(`{"exercise_id":"square","code":"print('Gr\xf6\xdfe')"}`, 'latin1')
  const refused = await post(latin)
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({
    code: 'INVALID_INPUT',
    detail: expect.stringContaining('byte 41 is 0xf6'),
  })
  const empty = { token, headers: { 'content-type': 'application/json' } }
  const { body } = await stack.submit(token)
  expect((await stack.call('DELETE', `/api/v1/requests/${body.request_id}`, empty)).status).toBe(200)
  expect((await stack.call('DELETE', '/api/v1/students/bytes', empty)).status).toBe(200)
  expect((await stack.call('POST', '/api/v1/submissions', empty)).status).toBe(400)
})

test('a program of the longest length is taken, also as JSON escapes of six bytes a character', async () => {
  const code = '\u4E2D'.repeat(65_536)
  const escaped = JSON.stringify({ exercise_id, code }).replaceAll('\u4E2D', '\\u4e2d')
  const reply = await stack.submit(tokenFor('ann'), escaped)
  expect(reply).toMatchObject({ status: 202 })
  const [row] = await stack.ports.history.db
    .selectFrom('submission')
    .select('code')
    .where('submission_id', '=', reply.body.request_id)
    .execute()
  expect(row?.code).toBe(code)
})

test('a program to run and its input may both have the longest length and be JSON escapes', async () => {
  const text = `#${'\u4E2D'.repeat(65_535)}`
  const body = JSON.stringify({ code: text, stdin: text }).replaceAll('\u4E2D', '\\u4e2d')
  const reply = await stack.call('POST', '/api/v1/sandbox/execute/python', { token, body })
  expect(reply).toMatchObject({ status: 200, body: { ended: 'ok' } })
})
