import { expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const ann = tokenFor('ann')

test('who asks for an exercise is offered the next ones, and who asks how they stand is told why', async () => {
  await using stack = await startStack({})
  const { db } = stack.ports.history
  const ask = async (agent: string, text: string) =>
    (
      await stack.call('POST', `/api/v1/agents/${agent}/process`, {
        token: ann,
        body: { text },
        headers: { prefer: 'wait=20' },
      })
    ).body
  expect(await ask('progress', 'How am I doing?')).toMatchObject({
    agent: 'progress',
    status: 'done',
    result: { modules: [], last: null, text: expect.stringContaining('not handed anything in') },
  })
  const { body } = await stack.call('POST', '/api/v1/submissions', {
    token: ann,
    body: { exercise_id: 'square', code: 'def square(n):\n    return n * n' },
    headers: { 'idempotency-key': 'one', prefer: 'wait=20' },
  })
  expect(body).toMatchObject({ grade: { verdict: 'passed' } })
  const standing = await ask('progress', 'Did my last submission count?')
  expect(standing.result).toMatchObject({
    modules: [{ module: stack.bank.get('square').module }],
    last: { exercise_id: 'square', attempt: 1, verdict: 'passed' },
    text: expect.stringMatching(/attempt 1 of square, is graded: passed\.\n[\w-]+: \d+ of 100, \w+ \(/),
  })
  const easy = await ask('exercise', 'Give me an easy exercise, please')
  expect(easy).toMatchObject({ agent: 'exercise', status: 'done', result: { text: expect.stringMatching(/^Next: /) } })
  const offered: { id: string; level: string }[] = easy.result.suggestions
  expect(offered.length).toBeGreaterThan(0)
  for (const { id, level } of offered) {
    expect(level).toBe('easy')
    expect(id).not.toBe('square')
    expect(stack.bank.get(id).id).toBe(id)
  }
  expect((await ask('exercise', 'exercises on quantum entanglement')).result).toMatchObject({
    missing: 'quantum entanglement',
    text: expect.stringMatching(/^There is no exercise on quantum entanglement here\./),
  })
  const given = (await db.selectFrom('log_record').select('value').execute())
    .map(({ value }) => JSON.parse(value))
    .filter(({ type }) => type === 'answer.given')
  expect(given.map(({ data }) => data.agent)).toEqual(['progress', 'progress', 'exercise', 'exercise'])
})
