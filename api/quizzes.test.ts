import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({})
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history

const call = async (student: string, method: string, path: string, body?: unknown, key?: string) =>
  stack.call(method, `/api/v1${path}`, {
    token: tokenFor(student),
    ...(body === undefined ? {} : { body }),
    headers: { prefer: 'wait=30', ...(key === undefined ? {} : { 'idempotency-key': key }) },
  })

/** The keys of a quiz, which only the database has. */
async function keysOf(id: string): Promise<Map<number, string>> {
  const rows = await db.selectFrom('quiz_question').select(['place', 'answer_key']).where('quiz_id', '=', id).execute()
  return new Map(rows.map(({ place, answer_key: key }) => [place, (key as { right: string }).right]))
}

const events = async (student: string, type: string) =>
  (await db.selectFrom('log_record').select('value').execute())
    .map(({ value }) => JSON.parse(value))
    .filter(event => event.type === type && event.subject === student)

test('a quiz of what was done: four of five right raise the mastery by the formula, and one is told why it is wrong', async () => {
  const program = { exercise_id: 'square', code: 'def square(n):\n    return n * n\n' }
  expect((await call('ann', 'POST', '/submissions', program, 'one')).body.grade.verdict).toBe('passed')
  const made = await call('ann', 'POST', '/quizzes', {})
  expect(made.status).toBe(201)
  const { quiz_id: id, module, questions } = made.body
  expect([module, questions.length]).toEqual([stack.bank.get('square').module, 5])
  expect(JSON.stringify(made.body)).not.toMatch(/right_answer|explanation|answer_key/)
  const masteryNow = async () =>
    (await call('ann', 'GET', '/agents/progress/mastery/ann')).body.modules.find(
      (one: { module: string }) => one.module === module,
    )
  await expect.poll(masteryNow).toMatchObject({ components: { quiz: null } })
  const before = await masteryNow()
  const keys = await keysOf(id)
  const choice = questions.find((one: { kind: string }) => /choice|output/.test(one.kind))
  for (const { question, choices } of questions) {
    const right = keys.get(question) ?? ''
    const wrong = choices.find((one: { label: string }) => one.label !== right)?.label
    const answer = question === choice.question ? wrong : right
    const reply = await call('ann', 'POST', `/quizzes/${id}/answers`, { question, answer })
    expect(reply.body).toMatchObject({
      counted: true,
      right: question !== choice.question,
      right_answer: right,
      explanation: expect.stringMatching(/\w/),
    })
  }
  expect((await call('ann', 'GET', `/quizzes/${id}`)).body).toMatchObject({ score: 0.8 })
  await expect.poll(masteryNow).toMatchObject({ components: { quiz: 0.8 } })
  const after = await masteryNow()
  const { completion, quality, consistency } = after.components
  const parts = [
    [0.4, completion],
    [0.3, 0.8],
    [0.2, quality],
    [0.1, consistency],
  ].filter(([, value]) => value !== null) as [number, number][]
  const weight = parts.reduce((sum, [w]) => sum + w, 0)
  expect(after.mastery).toBeCloseTo((100 * parts.reduce((sum, [w, c]) => sum + w * c, 0)) / weight, 9)
  expect(after.mastery).not.toBeCloseTo(before.mastery, 3)
  expect(await events('ann', 'quiz.answered')).toMatchObject([{ data: { quiz_id: id, module, score: 0.8 } }])
})

test('a second answer changes nothing, also at the same moment, and the quiz counts once', async () => {
  const { body } = await call('bea', 'POST', '/quizzes', { topic: 'for loops', questions: 1 })
  const right = (await keysOf(body.quiz_id)).get(1)
  const replies = await Promise.all(
    [1, 2, 3].map(async () => call('bea', 'POST', `/quizzes/${body.quiz_id}/answers`, { question: 1, answer: right })),
  )
  expect(replies.map(reply => reply.body.counted).filter(Boolean)).toHaveLength(1)
  expect(replies.map(reply => reply.body.score)).toEqual([1, 1, 1])
  await expect.poll(async () => (await events('bea', 'mastery.updated')).length).toBe(1)
  expect(await events('bea', 'quiz.answered')).toHaveLength(1)
})

test('the same key makes one quiz, and another body under it is refused', async () => {
  const wish = { topic: 'tuples', questions: 2 }
  const [one, two] = [
    await call('cem', 'POST', '/quizzes', wish, 'k'),
    await call('cem', 'POST', '/quizzes', wish, 'k'),
  ]
  expect(two.body.quiz_id).toBe(one.body.quiz_id)
  expect((await call('cem', 'POST', '/quizzes', { topic: 'sets' }, 'k')).status).toBe(422)
  expect((await call('cem', 'GET', '/quizzes')).body).toMatchObject({
    quizzes: [{ quiz_id: one.body.quiz_id, questions: 2, answered: 0 }],
    next: null,
  })
})

test.each([
  ['a topic that is none', { topic: 'quantum foam' }, 400, 'INVALID_INPUT'],
  ['an unknown exercise', { exercise_ids: ['no-such-one'] }, 404, 'NOT_FOUND'],
  ['nothing handed in', {}, 409, 'CONFLICT'],
  ['too many questions', { topic: 'sets', questions: 11 }, 400, 'INVALID_INPUT'],
])('%s is refused', async (_, body, status, code) => {
  expect(await call('dan', 'POST', '/quizzes', body)).toMatchObject({ status, body: { code } })
})

test("an answer of another form, to another student's quiz or to no question is refused", async () => {
  const { body } = await call('eve', 'POST', '/quizzes', { topic: 'dictionaries', questions: 1 })
  const path = `/quizzes/${body.quiz_id}/answers`
  expect(await call('eve', 'POST', path, { question: 1, answer: '???' })).toMatchObject({ status: 400 })
  expect(await call('eve', 'POST', path, { question: 9, answer: 'a' })).toMatchObject({ status: 404 })
  expect(await call('fay', 'POST', path, { question: 1, answer: 'a' })).toMatchObject({ status: 404 })
  expect(await call('fay', 'GET', `/quizzes/${body.quiz_id}`)).toMatchObject({ status: 404 })
  const exported = (await call('eve', 'GET', '/students/eve')).body
  expect(JSON.stringify(exported)).toContain(body.quiz_id)
  expect(JSON.stringify(exported)).not.toContain('answer_key')
})
