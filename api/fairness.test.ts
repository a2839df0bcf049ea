import { expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const path = '/api/v1/sandbox/execute/python'
const loop = { code: 'while True: pass', seconds: 5 }

test('the one who floods is refused, and the other student runs and is graded', async () => {
  await using stack = await startStack({ queueLimit: 1_000, settings: { LEARNFLOW_RUNS_PER_PERSON: 3 } })
  const [flooder, honest] = [tokenFor('flo'), tokenFor('ann')]
  const left = new AbortController()
  const flood = Array.from({ length: 40 }, async () =>
    stack.call('POST', path, { token: flooder, body: { code: 'for n in range(300_000): pass' }, signal: left.signal }),
  )
  const submitted = stack.submit(honest, stack.right, { prefer: 'wait=20' })
  const run = stack.call('POST', path, { token: honest, body: { code: 'print(1)' } })
  expect(await submitted).toMatchObject({ body: { status: 'done', grade: { verdict: 'passed' } } })
  expect(await run).toMatchObject({ status: 200, body: { stdout: '1\n' } })
  const answers = await Promise.all(flood)
  const refused = answers.filter(({ status }) => status === 429)
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(3)
  expect(refused.length).toBeGreaterThan(30)
  expect(refused[0]?.headers.get('content-type')).toContain('application/problem+json')
  expect(refused[0]?.headers.get('retry-after')).toBe('5')
  expect(refused[0]?.body).toMatchObject({ code: 'TOO_MANY_REQUESTS', detail: expect.stringContaining('3 programs') })
})

test('what a client that has left asked for is neither waited for nor run', async () => {
  await using stack = await startStack({ working: false, queueLimit: 1_000 })
  const token = tokenFor('ann')
  const { sandbox } = stack.ports
  const left = new AbortController()
  const calls = Array.from({ length: 5 }, async () =>
    stack.call('POST', path, { token, body: loop, signal: left.signal }).catch(() => 'left'),
  )
  await expect.poll(() => sandbox.health()).toMatchObject({ busy: 1, queued: 4 })
  left.abort()
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 5 }, () => 'left'))
  await expect.poll(() => sandbox.health()).toMatchObject({ queued: 0, busy: 0 })
  expect(await stack.call('POST', path, { token, body: { code: 'print(1)' } })).toMatchObject({ status: 200 })
})

const slow = `id: slow
title: Slow
version: 1
module: basics
level: easy
kind: function
concepts: [arithmetic]
statement: Write \`slow(n)\`, which returns n.
entry: [slow]
reference: |
  def slow(n):
      for step in range(40_000_000):
          pass
      return n
tests:
${Array.from({ length: 20 }, (_, n) => `  - { call: slow(${n}), expect: "${n}" }`).join('\n')}
`

test('a proof that takes long delays no grade, and ends when its author leaves', async () => {
  await using stack = await startStack({ queueLimit: 1_000 })
  const left = new AbortController()
  let proven = false
  const proof = stack
    .call('POST', '/api/v1/exercises', {
      token: tokenFor('tess', 'teacher'),
      body: { text: slow, programs: {} },
      signal: left.signal,
    })
    .then(
      () => (proven = true),
      () => 'left',
    )
  await expect.poll(() => stack.ports.sandbox.health().busy).toBeGreaterThan(0)
  const graded = await stack.submit(tokenFor('ann'), stack.right, { prefer: 'wait=30' })
  expect(graded).toMatchObject({ body: { status: 'done', grade: { verdict: 'passed' } } })
  expect(proven).toBe(false)
  left.abort()
  expect(await proof).toBe('left')
  await expect.poll(() => stack.ports.sandbox.health()).toMatchObject({ queued: 0, busy: 0 })
})

test('a proof that takes more computing than it may is refused with what to do, and nothing goes on', async () => {
  await using stack = await startStack({ working: false, queueLimit: 1_000, settings: { LEARNFLOW_PROOF_SECONDS: 1 } })
  const add = async () =>
    stack.call('POST', '/api/v1/exercises', {
      token: tokenFor('tess', 'teacher'),
      body: { text: slow.replace('40_000_000', '2_000_000'), programs: {} },
    })
  const [first, second, third] = await Promise.all([add(), add(), add()])
  for (const refused of [first, second])
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining('more than 1 s') } })
  expect(third).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } })
  await expect.poll(() => stack.ports.sandbox.health()).toMatchObject({ queued: 0, busy: 0 })
})
