import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())

interface Event {
  id?: string
  event: string
  data: unknown
}

/** The events of a stream as text. */
function parse(text: string): Event[] {
  const blocks = text.split('\n\n').filter(block => block.includes('event:'))
  return blocks.map(block => {
    const fields = Object.fromEntries(
      block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    )
    return { ...fields, event: fields['event'] ?? '', data: JSON.parse(fields['data'] ?? 'null') }
  })
}

test('the request of another student is not there', async () => {
  const { body } = await stack.submit(tokenFor('ann'))
  const [ann, bob] = [tokenFor('ann'), tokenFor('bob')]
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/events'],
  ] as const)
    expect(await stack.call(method, `/api/v1/requests/${body.request_id}${path}`, { token: bob })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
  expect(await stack.call('GET', `/api/v1/requests/${body.request_id}`, { token: ann })).toMatchObject({
    status: 200,
    body: { status: 'queued' },
  })
  expect(
    await stack.call('GET', `/api/v1/requests/${body.request_id}`, { token: tokenFor('oda', 'operator') }),
  ).toMatchObject({ status: 200 })
})

test('the place in the queue counts those accepted before', async () => {
  const token = tokenFor('cat')
  const [first, second] = [await stack.submit(token), await stack.submit(token)]
  expect(second.body.position).toBe(first.body.position + 1)
  expect((await stack.call('GET', `/api/v1/requests/${second.body.request_id}`, { token })).body.position).toBe(
    second.body.position,
  )
})

test('Prefer: wait gives up in time', async () => {
  const start = performance.now()
  expect(await stack.submit(tokenFor('dan'), undefined, { prefer: 'wait=1' })).toMatchObject({
    status: 202,
    body: { status: 'queued' },
  })
  expect(performance.now() - start).toBeGreaterThan(900)
})

test('a cancelled request stays cancelled, and its event is not taken up', async () => {
  const token = tokenFor('eve')
  const { body } = await stack.submit(token)
  const path = `/api/v1/requests/${body.request_id}`
  expect(await stack.call('DELETE', path, { token })).toMatchObject({
    status: 200,
    body: { status: 'cancelled', finished_at: expect.any(String) },
  })
  expect(await stack.call('DELETE', path, { token })).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  await stack.ports.history.db
    .updateTable('request')
    .set({ status: 'done' })
    .where('request_id', '=', body.request_id)
    .execute()
  expect(await stack.call('DELETE', path, { token })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
})

test('a stream tells of what happens and ends with the request', async () => {
  const token = tokenFor('fay')
  const { body } = await stack.submit(token)
  const path = `/api/v1/requests/${body.request_id}`
  const reply = await fetch(`${stack.url}${path}/events`, { headers: { authorization: `Bearer ${token}` } })
  expect(reply.headers.get('content-type')).toMatch(/^text\/event-stream/)
  let heard = ''
  let cancelled = false
  for await (const part of reply.body!.pipeThrough(new TextDecoderStream())) {
    heard += part
    if (cancelled || !heard.includes('event: position')) continue
    cancelled = true
    await stack.call('DELETE', path, { token })
  }
  expect(parse(heard).map(({ event }) => event)).toEqual(['queued', 'position', 'cancelled'])
})

test('a stream goes on after Last-Event-ID, and 204 says that nothing comes', async () => {
  const token = tokenFor('gus')
  const { body } = await stack.submit(token)
  const path = `/api/v1/requests/${body.request_id}`
  await stack.call('DELETE', path, { token })
  const [queued, cancelled] = parse((await stack.call('GET', `${path}/events`, { token })).body)
  const again = async (id: string | undefined) =>
    stack.call('GET', `${path}/events`, { token, headers: { 'last-event-id': id ?? '' } })
  expect(parse((await again(queued?.id)).body)).toEqual([cancelled])
  expect((await again(cancelled?.id)).status).toBe(204)
  expect((await again('x')).status).toBe(400)
})

test('a client that leaves is forgotten', async () => {
  const token = tokenFor('hal')
  const { body } = await stack.submit(token)
  const leaving = new AbortController()
  const reply = await fetch(`${stack.url}/api/v1/requests/${body.request_id}/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  })
  expect(reply.status).toBe(200)
  leaving.abort()
  await expect(reply.text()).rejects.toThrow()
  expect((await stack.call('GET', '/health/ready')).status).toBe(200)
})

test('asking with Prefer: wait is answered when the request ends', async () => {
  const token = tokenFor('ida')
  const { body } = await stack.submit(token)
  const path = `/api/v1/requests/${body.request_id}`
  const asking = stack.call('GET', path, { token, headers: { prefer: 'wait=20' } })
  await stack.call('DELETE', path, { token })
  const reply = await asking
  expect(reply).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  expect(reply.headers.get('preference-applied')).toBe('wait')
})
