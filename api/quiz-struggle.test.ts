import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({})
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const teachers = ['py1', 'py2'].map(id => tokenFor(`of ${id}`, 'teacher', { classes: [id] }))
const soon = { interval: 20, timeout: 20_000 }

const call = async (token: string, method: string, path: string, body?: unknown) =>
  (
    await stack.call(method, `/api/v1${path}`, {
      token,
      headers: { prefer: 'wait=30', 'idempotency-key': crypto.randomUUID() },
      ...(body === undefined ? {} : { body }),
    })
  ).body

/** Makes a quiz of one question and answers it; returns its id. */
async function quizzed(student: string, right: boolean, wish: object = { topic: 'for loops' }): Promise<string> {
  const { quiz_id, questions } = await call(tokenFor(student), 'POST', '/quizzes', { ...wish, questions: 1 })
  const [{ choices, question }] = questions
  const row = await db.selectFrom('quiz_question').selectAll().where('quiz_id', '=', quiz_id).executeTakeFirstOrThrow()
  const key = (row.answer_key as { right: string }).right
  const other = choices.map(({ label }: { label: string }) => label).find((label: string) => label !== key)
  await call(tokenFor(student), 'POST', `/quizzes/${quiz_id}/answers`, {
    question,
    answer: right ? key : (other ?? '1: pass'),
  })
  return quiz_id
}
const join = async (student_id: string, class_id: string) =>
  db.insertInto('class_member').values({ class_id, student_id, joined_at: new Date() }).execute()
const alerts = async (at = 0) => (await call(teachers[at] ?? '', 'GET', `/classes/py${at + 1}/alerts`)).alerts
const told = async (student: string) =>
  db.selectFrom('struggle').selectAll().where('student_id', '=', student).orderBy('detected_at').execute()
const masteries = async (student: string) => {
  const { modules } = await call(tokenFor(student), 'GET', `/agents/progress/mastery/${student}`)
  const { students } = await call(teachers[0] ?? '', 'GET', '/classes/py1/progress')
  const figures = students.find(({ student_id }: { student_id: string }) => student_id === student).mastery
  const view = await call(teachers[0] ?? '', 'GET', `/agents/progress/mastery/${student}`)
  return [modules, figures, view.modules].map(all => all.map((one: { mastery: number }) => one.mastery))
}

test('a quiz below half is told to the teachers with its id, once a day, until one goes well', async () => {
  await join('ann', 'py1')
  const first = await quizzed('ann', false)
  await expect.poll(async () => told('ann'), soon).toMatchObject([{ rule: 'quiz_below_half', evidence: [first] }])
  const alert = { student_id: 'ann', reason: 'quiz_below_half', exercise_ids: [], error: null }
  expect(await alerts()).toEqual([{ ...alert, failed: 1, evidence: [first] }])
  expect((await call(teachers[0] ?? '', 'GET', '/notifications')).notifications).toMatchObject([
    { kind: 'struggle', student_id: 'ann', text: 'ann had less than half of a quiz right' },
  ])
  expect((await call(teachers[1] ?? '', 'GET', '/notifications')).notifications).toEqual([])
  const second = await quizzed('ann', false)
  expect(await alerts()).toEqual([{ ...alert, failed: 2, evidence: [second, first] }])
  const third = await quizzed('ann', true)
  await expect.poll(async () => told('ann'), soon).toMatchObject([{ cleared_at: expect.any(Date) }])
  expect(await alerts()).toEqual([])
  const events = (await db.selectFrom('log_record').select('value').orderBy('at').execute())
    .map(({ value }) => JSON.parse(value))
    .filter(({ type }) => type.startsWith('struggle.'))
  expect(events).toMatchObject([
    { type: 'struggle.detected', data: { reason: 'quiz_below_half', evidence: [first] } },
    { type: 'struggle.cleared', data: { evidence: [third] } },
  ])
})

test('a quiz below half of another module is told on the same day, too', async () => {
  await join('fay', 'py1')
  const first = await quizzed('fay', false)
  await expect.poll(async () => told('fay'), soon).toMatchObject([{ evidence: [first] }])
  const other = await quizzed('fay', false, { topic: 'dictionaries' })
  await expect.poll(async () => told('fay'), soon).toMatchObject([{ evidence: [first] }, { evidence: [other] }])
  await quizzed('fay', true)
  await quizzed('fay', true, { topic: 'dictionaries' })
  await expect.poll(async () => alerts(), soon).toEqual([])
})

test('a pass in its module clears it, too, and one elsewhere does not', async () => {
  await join('bea', 'py1')
  await quizzed('bea', false)
  await expect.poll(async () => told('bea'), soon).toMatchObject([{ cleared_at: null }])
  const submit = async (exercise_id: string) =>
    call(tokenFor('bea'), 'POST', '/submissions', { exercise_id, code: stack.bank.get(exercise_id).reference })
  const practised = async () =>
    (await call(tokenFor('bea'), 'GET', '/agents/progress/mastery/bea')).modules.map(
      (one: { module: string }) => one.module,
    )
  await submit('guest-list')
  await expect.poll(practised, soon).toContain(stack.bank.get('guest-list').module)
  expect(await alerts()).toMatchObject([{ student_id: 'bea' }])
  await submit('draw-staircase')
  await expect.poll(async () => told('bea'), soon).toMatchObject([{ cleared_at: expect.any(Date) }])
  expect(await alerts()).toEqual([])
})

test('the mastery in a class counts the quizzes that the own one does, unless they are about work for another class', async () => {
  await quizzed('cem', true)
  await join('cem', 'py1')
  expect(await call(teachers[0] ?? '', 'GET', '/classes/py1/progress'), 'before joining').toMatchObject({
    students: expect.arrayContaining([expect.objectContaining({ student_id: 'cem', mastery: [] })]),
  })
  await join('dan', 'py1')
  const reference = { exercise_id: 'draw-staircase', code: stack.bank.get('draw-staircase').reference }
  await call(tokenFor('dan'), 'POST', '/submissions', { ...reference, class_id: 'py1' })
  await quizzed('dan', false, {})
  await quizzed('dan', true)
  const quiz = async () => (await call(tokenFor('dan'), 'GET', '/agents/progress/mastery/dan')).modules
  await expect.poll(quiz, soon).toMatchObject([{ components: { quiz: 0.5 } }])
  const [own, ...shown] = await masteries('dan')
  for (const figures of shown) expect(figures).toEqual([expect.closeTo(own?.[0], 9)])
  await join('eve', 'py1')
  await join('eve', 'py2')
  await call(tokenFor('eve'), 'POST', '/submissions', { ...reference, class_id: 'py2' })
  const about = await quizzed('eve', false, {})
  await expect
    .poll(async () => (await alerts(1)).map((one: { evidence: string[] }) => one.evidence), soon)
    .toEqual([[about]])
  expect(await alerts(), 'not py1').toEqual([])
})
