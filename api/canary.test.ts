import { afterAll, expect, test } from 'vitest'
import type { Exercise } from '../tutor/exercise/parse-exercise.ts'
import { startStack, tokenFor } from './test-stack.ts'

// What only hidden tests contain is planted as a canary: no answer to the student may hold it, whatever the route.

const [argument, expected] = ['CANARY-ARGUMENT', 'CANARY-EXPECTED']
const stack = await startStack({
  bankFrom: bank => {
    const exercise = {
      ...bank.get('square'),
      tests: [
        { call: 'square(3)', expect: '9' },
        { call: `square('${argument}')`, expect: `'${expected}'`, hidden: true },
      ],
      generate: [],
    }
    const get = (id: string) => (id === 'square' ? (exercise as Exercise) : bank.get(id))
    return { ...bank, get, find: async id => get(id) }
  },
})
afterAll(async () => stack[Symbol.asyncDispose]())

/** Passes the visible test and fails the hidden one, whose argument it raises as an error, prints and returns. */
const programs = {
  returned: 'def square(n):\n    return n * n if n == 3 else n\n',
  raised: 'def square(n):\n    if n != 3:\n        raise ValueError(n)\n    return 9\n',
  printed: 'def square(n):\n    print(n)\n    return n * n if n == 3 else None\n',
  kept: 'import builtins\nbuiltins.seen = getattr(builtins, "seen", [])\ndef square(n):\n    builtins.seen.append(n)\n    return builtins.seen\n',
}

test.each(Object.entries(programs))('no answer to a student holds what a hidden test holds: %s', async (name, code) => {
  const token = tokenFor(name)
  const { body } = await stack.submit(token, { exercise_id: 'square', code }, { prefer: 'wait=25' })
  expect(body).toMatchObject({ status: 'done', grade: { verdict: 'failed' } })
  const id = body.request_id as string
  const paths = [
    `/api/v1/requests/${id}`,
    `/api/v1/requests/${id}/events`,
    '/api/v1/submissions',
    `/api/v1/students/${name}`,
    `/api/v1/students/${name}/history`,
    `/api/v1/agents/progress/mastery/${name}`,
    '/api/v1/exercises',
    '/api/v1/exercises/square',
  ]
  for (const path of paths) {
    const reply = await stack.call('GET', path, { token, headers: { 'last-event-id': '' } })
    expect([200, 204], path).toContain(reply.status)
    expect(JSON.stringify(reply.body), path).not.toMatch(/CANARY/)
  }
  expect(JSON.stringify(body)).not.toMatch(/CANARY/)
})

test('a teacher sees what the hidden test holds, so the canary was there', async () => {
  await stack.submit(tokenFor('ann'), { exercise_id: 'square', code: programs.returned }, { prefer: 'wait=25' })
  const { body } = await stack.call('GET', '/api/v1/students/ann', { token: tokenFor('oda', 'operator') })
  expect(JSON.stringify(body)).toContain(argument)
  expect(JSON.stringify(body)).toContain(expected)
})
