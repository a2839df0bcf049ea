import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import type { Verdict } from '../schemas/words.ts'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const teacher = tokenFor('tom', 'teacher', { classes: ['py1'] })
const { exercise_id } = stack.right

/** Stores graded submissions that a student handed in for py1, in this order, and returns their ids. */
async function graded(student_id: string, verdicts: readonly Verdict[]): Promise<string[]> {
  const ids: string[] = []
  for (const [at, verdict] of verdicts.entries()) {
    const submission_id = randomUUID()
    ids.push(submission_id)
    const shared = { submission_id, student_id, exercise_id, exercise_version: 1, attempt: at + 1 }
    await db
      .insertInto('request')
      .values({
        request_id: submission_id,
        student_id,
        kind: 'submission',
        agent: 'exercise',
        status: 'done',
        traceparent: '00',
      })
      .execute()
    await db
      .insertInto('submission')
      .values({ ...shared, code: 'x', received_at: new Date(Date.UTC(2026, 0, 1, 0, at)) })
      .execute()
    await db.insertInto('submission_class').values({ submission_id, class_id: 'py1' }).execute()
    await db
      .insertInto('grade')
      .values({
        ...shared,
        module: 'basics',
        verdict,
        score: verdict === 'passed' ? 1 : 0,
        duration_ms: 1,
        notes: '[]',
        tests: '[]',
        seed: 's',
      })
      .execute()
  }
  return ids
}

await stack.call('POST', '/api/v1/classes/py1/students', {
  token: tokenFor('oda', 'operator'),
  body: { students: ['ann', 'bob', 'cat', 'dan', 'synthetic-1'] },
})
await graded('ann', ['failed', 'passed', 'failed'])
const stuck = await graded('bob', ['passed', 'failed', 'error', 'failed', 'timed_out', 'failed'])
const never = await graded('cat', ['failed', 'failed'])
await graded('synthetic-1', ['failed', 'failed', 'failed', 'failed', 'failed', 'failed'])

test('only teachers of the class and operators see it', async () => {
  for (const path of ['/api/v1/classes/py1/progress', '/api/v1/classes/py1/alerts']) {
    for (const token of [
      tokenFor('ann'),
      tokenFor('una', 'teacher', { classes: ['py2'] }),
      tokenFor('ann', 'student', { classes: ['py1'] }),
    ])
      expect(await stack.call('GET', path, { token })).toMatchObject({ status: 403 })
    expect((await stack.call('GET', path, { token: tokenFor('oda', 'operator') })).status).toBe(200)
  }
  expect(await stack.call('PUT', '/api/v1/classes/py1/students/ann', { token: tokenFor('ann') })).toMatchObject({
    status: 403,
  })
  expect(await stack.call('PUT', '/api/v1/classes/py1/students/ann', { token: teacher })).toMatchObject({
    status: 200,
    body: { status: 'joined' },
  })
})

test('progress counts what was tried and passed, without synthetic students', async () => {
  const { students } = (await stack.call('GET', '/api/v1/classes/py1/progress', { token: teacher })).body
  expect(students).toMatchObject([
    { student_id: 'ann', submissions: 3, exercises_tried: 1, exercises_passed: 1 },
    { student_id: 'bob', submissions: 6, exercises_passed: 1 },
    { student_id: 'cat', submissions: 2, exercises_passed: 0, last_submission_at: '2026-01-01T00:01:00.000Z' },
    { student_id: 'dan', submissions: 0, exercises_tried: 0, last_submission_at: null },
  ])
})

test('who failed five in a row or never passed is an alert, with the submissions that show it', async () => {
  const { alerts } = (await stack.call('GET', '/api/v1/classes/py1/alerts', { token: teacher })).body
  expect(alerts).toEqual([
    {
      student_id: 'bob',
      reason: 'failed_in_a_row',
      failed: 5,
      exercise_ids: [exercise_id],
      error: 'timed_out',
      evidence: stuck.slice(1).toReversed(),
    },
    {
      student_id: 'cat',
      reason: 'none_passed',
      failed: 2,
      exercise_ids: [exercise_id],
      error: null,
      evidence: never.toReversed(),
    },
  ])
})

test('an assignment is told to every student of the class once', async () => {
  const body = { class_id: 'py1', exercise_id, due: '2026-12-01T12:00:00+01:00' }
  const made = await stack.call('POST', '/api/v1/assignments', { token: teacher, body })
  expect(made).toMatchObject({
    status: 201,
    body: { class_id: 'py1', exercise_id, due: '2026-12-01T11:00:00.000Z', assigned_by: 'tom', students: 5 },
  })
  expect(await stack.call('POST', '/api/v1/assignments', { token: teacher, body })).toMatchObject({
    status: 200,
    body: { assignment_id: made.body.assignment_id },
  })
  expect(
    await stack.call('POST', '/api/v1/assignments', { token: teacher, body: { ...body, class_id: 'py2' } }),
  ).toMatchObject({ status: 403 })
  expect(
    await stack.call('POST', '/api/v1/assignments', { token: teacher, body: { ...body, exercise_id: 'no-such' } }),
  ).toMatchObject({ status: 404 })
  const events = (await db.selectFrom('outbox').select('value').execute())
    .map(({ value }) => JSON.parse(value))
    .filter(event => event.type === 'exercise.assigned')
  expect(new Set(events.map(event => event.idempotencykey)).size).toBe(5)
  expect((await stack.call('GET', '/api/v1/classes/py1/progress', { token: teacher })).body.assignments).toMatchObject([
    { exercise_id, tried: 3, passed: 2 },
  ])
})

test('a student taken out of a class is no longer seen by its teacher', async () => {
  expect((await stack.call('GET', '/api/v1/students/dan', { token: teacher })).status).toBe(200)
  expect((await stack.call('DELETE', '/api/v1/classes/py1/students/dan', { token: teacher })).status).toBe(200)
  expect((await stack.call('GET', '/api/v1/students/dan', { token: teacher })).status).toBe(403)
})
