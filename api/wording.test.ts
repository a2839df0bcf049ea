import { afterAll, expect, test } from 'vitest'
import { openaiModel } from '../platform/drivers/openai/model.ts'
import { openEndpoint } from '../platform/drivers/openai/test-endpoint.ts'
import { startStack, tokenFor } from './test-stack.ts'

let said = 'Take a small input by hand. What does your function give for it, and what is asked for?'
const endpoint = await openEndpoint(() => said)
const limits = { seconds: 20, callsPerDay: 50 }
const stack = await startStack({
  working: false,
  model: await openaiModel({ url: endpoint.url, name: 'tiny', limits }),
})
afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  await endpoint[Symbol.asyncDispose]()
})
const hint = async (student: string, code: string) =>
  (await stack.call('POST', '/api/v1/exercises/square/hints', { token: tokenFor(student), body: { code } })).body
const doubled = 'def square(n):\n    return n + n\n'

test('a hint says whether a model worded it, and is the same when it is read again', async () => {
  expect(await hint('ann', doubled)).toMatchObject({ level: 1, text: said, worded_by: 'model' })
  const path = '/api/v1/exercises/square/hints'
  const again = await stack.call('POST', path, { token: tokenFor('ann'), body: { code: doubled, level: 1 } })
  expect(again.body).toMatchObject({ level: 1, text: said, worded_by: 'model' })
  expect(endpoint.received).toHaveLength(1)
})

test('a hint that tells the solution is not shown', async () => {
  said = 'Write n ** 2, I mean `return n * n`.'
  const { text, worded_by } = await hint('bob', doubled)
  expect(worded_by).toBeNull()
  expect(text).not.toMatch(/\*/)
})

test('health names the model, and the metrics count what came of it', async () => {
  expect((await stack.call('GET', '/health/ready')).body).toMatchObject({
    model: { name: 'tiny', host: endpoint.host, breaker: 'closed' },
  })
  const { body } = await stack.call('GET', '/metrics')
  expect(body).toMatch(/learnflow_model_wordings\{outcome="worded"\} 1\n/)
  expect(body).toMatch(/learnflow_model_wordings\{outcome="refused"\} 1\n/)
  expect(body).toMatch(/learnflow_model_breaker_open 0\n/)
  await using without = await startStack({ working: false })
  expect((await without.call('GET', '/health/ready')).body).toMatchObject({ model: null })
})

/** A model that says the answer as it is. */
const echo = (data: string): string => (JSON.parse(data) as { answer: string }).answer

test('every agent says in its result whether a model worded it; an answer as it is passes the checks', async () => {
  await using same = await openEndpoint(({ body }) => echo(body.messages[1]?.content ?? ''))
  await using whole = await startStack({ model: await openaiModel({ url: same.url, name: 'echo', limits }) })
  const code = 'def square(n):\n    return n + n\n'
  const token = tokenFor('cem')
  await whole.submit(token, { exercise_id: 'square', code }, { prefer: 'wait=20' })
  const questions = {
    concepts: { text: 'how do for loops work?' },
    debug: { text: 'why is my program for square wrong?', code },
    review: { text: 'can you review my code, please?', code },
    exercise: { text: 'give me an easy exercise on lists' },
    progress: { text: 'how am I doing so far?' },
  }
  for (const [agent, body] of Object.entries(questions)) {
    const reply = await whole.call('POST', `/api/v1/agents/${agent}/process`, {
      token,
      body,
      headers: { prefer: 'wait=20' },
    })
    expect(reply, agent).toMatchObject({ status: 200, body: { status: 'done', result: { worded_by: 'model' } } })
  }
  expect(same.received).toHaveLength(5)
})

test('an agent tells no line of the exercise that a question is about', async () => {
  await using leaking = await openEndpoint(({ body }) => `${echo(body.messages[1]?.content ?? '')}\nreturn x * x`)
  await using whole = await startStack({ model: await openaiModel({ url: leaking.url, name: 'leak', limits }) })
  const token = tokenFor('dee')
  const reply = await whole.call('POST', '/api/v1/agents/debug/process', {
    token,
    body: { text: 'why is my program for square wrong?', code: doubled },
    headers: { prefer: 'wait=20' },
  })
  expect(reply.body).toMatchObject({ status: 'done', result: { exercise_id: 'square', worded_by: null } })
  expect(await whole.ports.history.db.selectFrom('model_call').select(['outcome', 'reason']).execute()).toEqual([
    { outcome: 'refused', reason: 'solution_line' },
  ])
})
