import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const [ann, bob] = [tokenFor('ann'), tokenFor('bob')]
const path = '/api/v1/exercises/square/hints'
const hint = async (token: string, body: object) => stack.call('POST', path, { token, body })
const doubled = 'def square(n):\n    return n + n\n'

test('hints come one level at a time, can be read again, and start anew only for another fault', async () => {
  const levels: unknown[] = []
  for (let turn = 0; turn < 5; turn += 1) levels.push((await hint(ann, { code: doubled })).body)
  expect(levels).toMatchObject([
    { level: 1, next: 2, text: expect.stringMatching(/\?/) },
    { level: 2, next: 3, text: expect.stringMatching(/line 2/) },
    { level: 3, next: 4 },
    { level: 4, next: null, text: expect.stringMatching(/n \* n|n\*\*2|n \*\* 2/) },
    { level: 4, next: null },
  ])
  for (const { text } of levels.slice(0, 3) as { text: string }[]) {
    expect(text).not.toMatch(/return\s+n\s*\*/)
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(160)
  }
  expect((await hint(ann, { code: doubled, level: 1 })).body).toEqual(levels[0])
  const same = `# tried again\n${doubled}`
  expect((await hint(ann, { code: same, level: 4 })).body, 'the same fault in another program').toMatchObject({
    level: 4,
  })
  const other = 'def square(n):\n    print(n * n)\n'
  expect(await hint(ann, { code: other, level: 2 })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect((await hint(ann, { code: other })).body).toMatchObject({ level: 1 })
})

test('no level can be skipped, and nobody gets further by what another was told', async () => {
  expect(await hint(bob, { code: doubled, level: 2 })).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT', detail: 'hint 2 comes after hint 1' },
  })
  expect((await hint(bob, { code: doubled, level: 1 })).body).toMatchObject({ level: 1 })
})

test('without a program it is the one handed in last; one that passes needs no hint', async () => {
  const cat = tokenFor('cat')
  expect(await hint(cat, {})).toMatchObject({ status: 409, body: { detail: 'you have handed nothing in for square' } })
  await stack.submit(cat, { exercise_id: 'square', code: doubled })
  expect((await hint(cat, {})).body).toMatchObject({ exercise_id: 'square', level: 1 })
  await stack.submit(cat, { exercise_id: 'square', code: 'def square(n):\n    return n * n\n' })
  expect((await hint(cat, {})).body).toEqual({
    exercise_id: 'square',
    level: null,
    text: 'This program passes all tests.',
    worded_by: null,
    next: null,
  })
  expect(await stack.call('POST', '/api/v1/exercises/no-such/hints', { token: cat, body: {} })).toMatchObject({
    status: 404,
  })
})

test('a program that does not parse gets hints, too', async () => {
  expect((await hint(tokenFor('dan'), { code: 'def square(n)\n    return n * n\n' })).body).toMatchObject({ level: 1 })
})
