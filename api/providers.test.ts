import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, expect, test } from 'vitest'
import { masteryKey } from '../schemas/state-keys.ts'
import { startStack, tokenFor } from './test-stack.ts'

/** An identity provider: a key set at an address, whose keys can be exchanged. */
async function provider() {
  const keys: JWK[] = []
  let asked = 0
  const server = createServer((_request, reply) => {
    asked += 1
    reply.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const rotate = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    keys.splice(0, keys.length, { ...(await exportJWK(publicKey)), kid, alg: 'RS256' })
    return async (claims: Record<string, unknown>) =>
      new SignJWT({ iss: 'learnflow', aud: 'learnflow', ...claims })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setExpirationTime('5m')
        .sign(privateKey)
  }
  const close = (): void => (server.closeAllConnections(), void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, rotate, asked: () => asked, close }
}

const stack = await startStack()
afterAll(async () => stack[Symbol.asyncDispose]())

test.each([
  'auth0|64fe12',
  'name+cs1@school.edu',
  'urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66',
  'https://idp.example/people/7?a=b#c%2F',
  'Åsa {Öberg} \\ "x"',
  'x'.repeat(70),
  '/'.repeat(255),
])('a subject of an identity provider is taken as it is, from the hand-in to the erasure: %s', async subject => {
  const token = tokenFor(subject)
  const path = `/api/v1/students/${encodeURIComponent(subject)}`
  const { body } = await stack.submit(token)
  const state = async () => (await stack.call('GET', `/api/v1/requests/${body.request_id}`, { token })).body
  await expect.poll(state, { timeout: 60_000 }).toMatchObject({ status: 'done', grade: { verdict: 'passed' } })
  const events = await stack.call('GET', `/api/v1/requests/${body.request_id}/events`, { token })
  expect(events.body).toContain('event: done')
  const { module } = stack.bank.get(stack.right.exercise_id)
  await expect.poll(async () => stack.ports.state.get(masteryKey(subject, module))).toBeDefined()
  expect(await stack.call('GET', `${path}/history`, { token })).toMatchObject({ status: 200 })
  const mastery = await stack.call('GET', `/api/v1/agents/progress/mastery/${encodeURIComponent(subject)}`, { token })
  expect(mastery.body).toMatchObject({ student_id: subject, modules: [{ source: 'state' }] })
  const operator = tokenFor('oda', 'operator')
  expect(
    await stack.call('PUT', `/api/v1/classes/c1/students/${encodeURIComponent(subject)}`, { token: operator }),
  ).toMatchObject({ status: 201, body: { student_id: subject, status: 'joined' } })
  expect((await stack.call('GET', path, { token })).body).toMatchObject({
    student_id: subject,
    tables: { submission: [{ student_id: subject }] },
  })
  expect(await stack.call('DELETE', path, { token })).toMatchObject({
    status: 200,
    body: { student_id: subject, rows: { submission: 1, grade: 1 }, state_keys: 1 },
  })
  expect((await stack.call('GET', path, { token: operator })).body).toMatchObject({ tables: { submission: [] } })
})

test('what is no subject is refused in words', async () => {
  for (const subject of ['', 'a\nb', 'x'.repeat(256), 7])
    expect(
      await stack.call('GET', '/api/v1/memberships', { token: tokenFor('x', 'student', { sub: subject }) }),
    ).toMatchObject({ status: 401 })
})

test('roles and classes come from the claims that the settings name, and keys from a set that rotates', async () => {
  const idp = await provider()
  await using _idp = { [Symbol.asyncDispose]: async () => idp.close() }
  const sign = await idp.rotate('one')
  await using own = await startStack({
    working: false,
    settings: {
      LEARNFLOW_JWT_JWKS_URL: idp.url,
      LEARNFLOW_JWT_ROLE_CLAIM: 'https://learnflow.example/roles',
      LEARNFLOW_JWT_CLASSES_CLAIM: 'realm.groups',
    },
  })
  const ask = async (token: string, path = '/api/v1/classes/c1/students') => own.call('GET', path, { token })
  const claims = {
    sub: 'auth0|1',
    'https://learnflow.example/roles': ['offline', 'teacher'],
    realm: { groups: ['c1'] },
  }
  expect(await ask(await sign(claims))).toMatchObject({ status: 200, body: { students: [] } })
  expect(await ask(await sign({ ...claims, realm: { groups: 'c2' } }))).toMatchObject({ status: 403 })
  expect(await ask(await sign({ ...claims, 'https://learnflow.example/roles': 'student' }))).toMatchObject({
    status: 403,
  })
  const lacking = await ask(await sign({ sub: 'a', role: 'operator' }))
  expect(lacking).toMatchObject({ status: 401, body: { detail: expect.stringContaining('holds none of student') } })
  expect(lacking.headers.get('www-authenticate')).toContain('invalid_token')
  for (const wrong of [{ aud: 'another' }, { iss: 'another' }])
    expect(await ask(await sign({ ...claims, ...wrong }))).toMatchObject({ status: 401 })
  expect(await ask(tokenFor('oda', 'operator'))).toMatchObject({ status: 401 })
  const rotated = await idp.rotate('two')
  await expect.poll(async () => (await ask(await rotated(claims))).status, { timeout: 15_000 }).toBe(200)
  expect(await ask(await sign(claims))).toMatchObject({ status: 401 })
  expect(idp.asked()).toBeLessThan(6)
})

test("a provider's own names for roles and its audience count, and then ours do not", async () => {
  const idp = await provider()
  await using _idp = { [Symbol.asyncDispose]: async () => idp.close() }
  const sign = await idp.rotate('one')
  await using own = await startStack({
    working: false,
    settings: {
      LEARNFLOW_JWT_JWKS_URL: idp.url,
      LEARNFLOW_JWT_ROLE_MAP: { Learner: 'student', 'CN=Staff,OU=x': 'teacher' },
      LEARNFLOW_JWT_AUDIENCE: 'https://school.example/tutor',
    },
  })
  const ask = async (claims: Record<string, unknown>) =>
    own.call('GET', '/api/v1/classes/c1/students', {
      token: await sign({ sub: 'a', aud: ['other', 'https://school.example/tutor'], classes: ['c1'], ...claims }),
    })
  expect(await ask({ role: ['Learner', 'CN=Staff,OU=x'] })).toMatchObject({ status: 200 })
  expect(await ask({ role: 'Learner' })).toMatchObject({ status: 403 })
  for (const role of ['teacher', 'operator', 'learner', 'toString'])
    expect(await ask({ role })).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining('holds none of Learner'), hint: expect.stringContaining('token-file') },
    })
  expect(await ask({ role: 'Learner', aud: 'learnflow' })).toMatchObject({ status: 401 })
})

test('without a provider what is said of its claims does not count', async () => {
  await using own = await startStack({
    working: false,
    settings: { LEARNFLOW_JWT_ROLE_CLAIM: 'group', LEARNFLOW_JWT_AUDIENCE: 'other' },
  })
  expect(await own.call('GET', '/api/v1/memberships', { token: tokenFor('ann') })).toMatchObject({ status: 200 })
})

test('when the keys of the provider cannot be had, the answer is 503 with what to look at', async () => {
  await using own = await startStack({ working: false, settings: { LEARNFLOW_JWT_JWKS_URL: 'http://127.0.0.1:1/' } })
  const idp = await provider()
  const sign = await idp.rotate('one')
  idp.close()
  expect(
    await own.call('GET', '/api/v1/memberships', { token: await sign({ sub: 'a', role: 'student' }) }),
  ).toMatchObject({
    status: 503,
    body: { code: 'DEPENDENCY_DOWN', hint: expect.stringContaining('LEARNFLOW_JWT_JWKS_URL') },
  })
})
