import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import type { Verdict } from '../schemas/words.ts'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const teacher = tokenFor('tom', 'teacher', { classes: ['py1', 'empty'] })
const [ann, una] = [tokenFor('ann'), tokenFor('una', 'teacher', { classes: ['c2'] })]
const { exercise_id } = stack.right
const path = '/api/v1/assignments'

await db
  .insertInto('class_member')
  .values(['ann', 'bob'].map(student_id => ({ class_id: 'py1', student_id, joined_at: new Date() })))
  .execute()

/** Stores a graded submission for py1, and returns its id. */
async function graded(student_id: string, verdict: Verdict, at: string, attempt = 1): Promise<string> {
  const submission_id = randomUUID()
  const shared = { submission_id, student_id, exercise_id, exercise_version: 1, attempt }
  const request = {
    request_id: submission_id,
    student_id,
    kind: 'submission',
    agent: 'exercise',
    traceparent: '00',
  } as const
  await db
    .insertInto('request')
    .values({ ...request, status: 'done' })
    .execute()
  await db
    .insertInto('submission')
    .values({ ...shared, code: 'x', received_at: new Date(at) })
    .execute()
  await db.insertInto('submission_class').values({ submission_id, class_id: 'py1' }).execute()
  const score = verdict === 'passed' ? 1 : 0.5
  const grade = {
    ...shared,
    module: 'basics',
    verdict,
    score,
    duration_ms: 1,
    seed: '1',
    notes: '[]',
    tests: '[]',
  } as const
  await db
    .insertInto('grade')
    .values({ ...grade, error: null })
    .execute()
  return submission_id
}
const assign = async (due?: string | null) =>
  stack.call('POST', path, { token: teacher, body: { class_id: 'py1', exercise_id, due } })
const listed = async (token: string) => (await stack.call('GET', path, { token })).body.assignments

test('a due time may be null, and is kept whatever its year', async () => {
  expect(await assign('2001-05-05T12:00:00+02:00')).toMatchObject({ status: 201 })
  expect(await assign(null)).toMatchObject({ status: 200, body: { due: null } })
  expect(await listed(teacher)).toMatchObject([{ due: null, standing: null }])
  expect(await assign('0001-01-01T00:00:00Z')).toMatchObject({ body: { due: '0001-01-01T00:00:00.000Z' } })
  expect(await listed(teacher)).toMatchObject([{ due: '0001-01-01T00:00:00.000Z' }])
  for (const due of ['tomorrow', '0000-12-31T23:59:59Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00'])
    expect(await assign(due)).toMatchObject({ status: 400, body: { errors: [{ path: 'body.due' }] } })
  const progress = await stack.call('GET', '/api/v1/classes/py1/progress', { token: teacher })
  expect(progress.body.assignments).toMatchObject([{ due: '0001-01-01T00:00:00.000Z' }])
})

test('a student sees what is to do and how it stands against the due time; others see nothing of it', async () => {
  await assign('2999-01-01T00:00:00Z')
  expect(await listed(ann)).toMatchObject([{ class_id: 'py1', exercise_id, standing: 'open' }])
  await graded('ann', 'failed', '2026-03-01T00:00:00Z')
  expect(await listed(ann)).toMatchObject([{ standing: 'tried' }])
  await assign('2026-03-15T00:00:00Z')
  expect(await listed(ann)).toMatchObject([{ standing: 'overdue' }])
  await graded('ann', 'passed', '2026-04-01T00:00:00Z', 2)
  expect(await listed(ann)).toMatchObject([{ standing: 'passed_late' }])
  await assign('2026-05-01T00:00:00Z')
  expect(await listed(ann)).toMatchObject([{ standing: 'passed' }])
  expect(await listed(tokenFor('dan'))).toEqual([])
  expect(await listed(una)).toEqual([])
})

test('teachers get their classes, and the grades as a table that no spreadsheet takes for formulas', async () => {
  expect((await stack.call('GET', '/api/v1/classes', { token: teacher })).body).toEqual({
    classes: [
      { class_id: 'empty', students: 0, assignments: 0 },
      { class_id: 'py1', students: 2, assignments: 1 },
    ],
  })
  await assign('2026-03-15T00:00:00Z')
  await db.insertInto('class_member').values({ class_id: 'py1', student_id: '=cmd', joined_at: new Date() }).execute()
  const table = await stack.call('GET', '/api/v1/classes/py1/grades.csv', { token: teacher })
  expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(table.body.split('\r\n')).toEqual([
    'student_id,exercise_id,due,submissions,verdict,score,received_at,late',
    `'=cmd,${exercise_id},2026-03-15T00:00:00.000Z,0,,,,`,
    `ann,${exercise_id},2026-03-15T00:00:00.000Z,2,passed,1,2026-04-01T00:00:00.000Z,true`,
    `bob,${exercise_id},2026-03-15T00:00:00.000Z,0,,,,`,
    '',
  ])
})

test('a submission after the due time is late to its student and to the teachers of that class alone', async () => {
  await assign('2026-03-15T00:00:00Z')
  const [early, late] = [
    await graded('cat', 'failed', '2026-03-15T00:00:00Z'),
    await graded('cat', 'passed', '2026-03-15T00:00:00.001Z', 2),
  ]
  await db.insertInto('submission_class').values({ submission_id: late, class_id: 'c2' }).execute()
  for (const class_id of ['py1', 'c2'])
    await db.insertInto('class_member').values({ class_id, student_id: 'cat', joined_at: new Date() }).execute()
  const lateness = async (token: string) => {
    const { submissions } = (await stack.call('GET', '/api/v1/students/cat/history', { token })).body
    const shown: [string, string[]][] = submissions.map((one: { submission_id: string; late_for: string[] }) => [
      one.submission_id,
      one.late_for,
    ])
    for (const [id, late_for] of shown)
      expect((await stack.call('GET', `/api/v1/requests/${id}`, { token })).body).toMatchObject({ late_for })
    return shown
  }
  const [cat, body] = [tokenFor('cat'), { class_id: 'c2', exercise_id }]
  const oda = tokenFor('oda', 'operator')
  for (const token of [cat, teacher, oda])
    expect(await lateness(token)).toEqual([
      [late, ['py1']],
      [early, []],
    ])
  expect(await lateness(una)).toEqual([[late, []]])
  await stack.call('POST', path, { token: una, body: { ...body, due: '2026-03-01T00:00:00Z' } })
  for (const [token, classes] of [
    [cat, ['c2', 'py1']],
    [teacher, ['py1']],
  ] as const)
    expect(await lateness(token)).toEqual([
      [late, classes],
      [early, []],
    ])
  expect(await lateness(una)).toEqual([[late, ['c2']]])
  const own = (await stack.call('GET', '/api/v1/submissions', { token: cat })).body.submissions
  expect(own).toMatchObject([{ late_for: ['c2', 'py1'] }, { late_for: [] }])
  const figures = (await stack.call('GET', '/api/v1/classes/py1/progress', { token: teacher })).body.assignments
  expect(figures).toMatchObject([{ tried: 2, passed: 2, passed_late: 2 }])
  const table = (await stack.call('GET', '/api/v1/classes/py1/grades.csv', { token: teacher })).body
  expect(table).toContain(`cat,${exercise_id},2026-03-15T00:00:00.000Z,2,passed,1,2026-03-15T00:00:00.001Z,true`)
  await assign(null)
  expect(await lateness(teacher)).toEqual([
    [late, []],
    [early, []],
  ])
})

test('an assignment is taken back by who teaches the class, and nothing handed in goes with it', async () => {
  const [{ assignment_id }] = await listed(teacher)
  for (const token of [ann, una])
    expect(await stack.call('DELETE', `${path}/${assignment_id}`, { token })).toMatchObject({ status: 404 })
  expect(await stack.call('DELETE', `${path}/${assignment_id}`, { token: teacher })).toMatchObject({
    status: 200,
    body: { class_id: 'py1', exercise_id, removed: true },
  })
  expect(await listed(ann)).toEqual([])
  expect(await db.selectFrom('grade').selectAll().where('student_id', '=', 'ann').execute()).toHaveLength(2)
})
