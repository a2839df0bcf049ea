import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { answerer } from '../agents/test-stage.ts'
import { startStack, tokenFor } from './test-stack.ts'

const route = { agent: 'concepts', intent: 'concepts', confidence: 0.9 }
const real = await startStack({ working: false, removed: ['concepts', 'debug'] })
const deployed = await startStack({
  working: false,
  agents: [answerer('concepts')],
  apps: { triage: { route: () => route } },
})
const silent = await startStack({ working: false, apps: { triage: { route: async () => new Promise(() => {}) } } })
afterAll(async () => Promise.all([real, deployed, silent].map(async stack => stack[Symbol.asyncDispose]())))

const token = tokenFor('ann')
const ask = { text: 'What is a list comprehension and how does it differ from a loop?' }
const stored = async ({ ports }: typeof real) =>
  (await ports.history.db.selectFrom('outbox').select('value').execute()).map(({ value }) => JSON.parse(value))

test('a question for an agent that is not deployed is classified, and nothing is queued', async () => {
  expect(await real.call('POST', '/api/v1/triage', { token, body: ask })).toMatchObject({
    status: 200,
    body: {
      request_id: null,
      agent: 'concepts',
      answer: null,
      code: 'AGENT_ABSENT',
      route: { agent: 'concepts', confidence: expect.any(Number) },
    },
  })
  expect(await real.call('POST', '/api/v1/agents/debug/process', { token, body: { ...ask, code: 'x' } })).toMatchObject(
    {
      status: 200,
      body: { agent: 'debug', code: 'AGENT_ABSENT' },
    },
  )
  expect(await stored(real)).toEqual([])
})

test('an unknown agent is not found', async () => {
  expect(await real.call('POST', '/api/v1/agents/oracle/process', { token, body: ask })).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
})

test('a question for a deployed agent is a request with its event', async () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const reply = await deployed.call('POST', '/api/v1/triage', { token, body: ask, headers: { traceparent } })
  expect(reply).toMatchObject({ status: 202, body: { agent: 'concepts', status: 'queued' } })
  expect(await stored(deployed)).toMatchObject([
    {
      type: 'question.routed',
      subject: 'ann',
      traceparent: expect.stringContaining('a'.repeat(32)),
      data: { request_id: reply.body.request_id, text: ask.text, code: null, agent: 'concepts' },
    },
  ])
  expect(await deployed.call('GET', reply.headers.get('location') ?? '', { token })).toMatchObject({
    body: { kind: 'question', agent: 'concepts', status: 'queued', grade: null },
  })
})

test('when triage is silent the question is stored to be routed later', async () => {
  const reply = await silent.call('POST', '/api/v1/triage', { token, body: ask })
  expect(reply).toMatchObject({ status: 202, body: { request_id: expect.any(String) } })
  expect(await stored(silent)).toMatchObject([{ type: 'question.asked', data: { request_id: reply.body.request_id } }])
})

test('the same Idempotency-Key asks once, whatever becomes of it, and another body under it is refused', async () => {
  const student = tokenFor('keyed')
  const send = async (stack: typeof real, text: string, path = '/api/v1/triage') =>
    stack.call('POST', path, { token: student, body: { text }, headers: { 'idempotency-key': 'k' } })
  const [one, two] = [await send(deployed, ask.text), await send(deployed, ask.text)]
  expect([one.status, two.status]).toEqual([202, 202])
  expect(two.body).toEqual(one.body)
  expect(two.headers.get('idempotent-replayed')).toBe('true')
  expect(await send(deployed, 'What is a tuple?')).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } })
  const { db } = deployed.ports.history
  expect(await db.selectFrom('request').select('agent').where('student_id', '=', 'keyed').execute()).toHaveLength(1)
  const at = '/api/v1/agents/debug/process'
  const [none, again] = [await send(real, ask.text, at), await send(real, ask.text, at)]
  expect(again.body).toEqual(none.body)
  const many = await Promise.all(Array.from({ length: 3 }, async () => send(silent, ask.text)))
  const taken = many.filter(({ status }) => status === 202).map(({ body }) => body.request_id)
  expect(new Set(taken).size).toBe(1)
  for (const { status } of many) expect([202, 409, 503]).toContain(status)
})

test('a message without an agent is kept once for its key: its turn, and that its writer is stuck', async () => {
  const student = tokenFor('lost')
  const { conversation_id } = (await real.call('POST', '/api/v1/conversations', { token: student, body: {} })).body
  const body = { text: "I'm completely stuck, I give up", conversation_id }
  const headers = { 'idempotency-key': 'lost' }
  const path = '/api/v1/agents/debug/process'
  const held = Promise.withResolvers<void>()
  const holding = real.ports.history.transaction(async () => held.promise)
  const calls = Array.from({ length: 4 }, async () => real.call('POST', path, { token: student, body, headers }))
  // All of them have come before the first can look for its key.
  await setTimeout(300)
  held.resolve()
  await holding
  const all = await Promise.all(calls)
  expect(all.some(({ status }) => status === 200)).toBe(true)
  const { db } = real.ports.history
  const kept = [
    db.selectFrom('turn').select('text').where('conversation_id', '=', conversation_id),
    db.selectFrom('request').select('agent').where('student_id', '=', 'lost'),
    db.selectFrom('struggle').select('rule').where('student_id', '=', 'lost'),
  ]
  for (const rows of kept) expect(await rows.execute()).toHaveLength(1)
})
