import { expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const [ann, teacher] = [tokenFor('ann'), tokenFor('tess', 'teacher', { classes: ['py1'] })]
const crashing = 'def square(n):\n    return nn * n'

test('a student who fails with the same error three times is told to the teacher once, until they pass', async () => {
  await using stack = await startStack({})
  const { db } = stack.ports.history
  const alerts = async () => (await stack.call('GET', '/api/v1/classes/py1/alerts', { token: teacher })).body.alerts
  const tellings = async () => {
    const rows = await db.selectFrom('inbox').select('event').where('consumer', '=', 'progress').execute()
    return rows.length
  }
  const told = async () => await db.selectFrom('struggle').selectAll().orderBy('detected_at').execute()
  await db.insertInto('class_member').values({ class_id: 'py1', student_id: 'ann', joined_at: new Date() }).execute()
  await stack.call('POST', '/api/v1/assignments', { token: teacher, body: { class_id: 'py1', exercise_id: 'square' } })
  const ids: string[] = []
  const handIn = async (code: string): Promise<void> => {
    const { body } = await stack.call('POST', '/api/v1/submissions', {
      token: ann,
      body: { exercise_id: 'square', code },
      headers: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=20' },
    })
    ids.push(body.request_id)
    await expect.poll(tellings, { interval: 20, timeout: 20_000 }).toBe(ids.length)
    await expect
      .poll(
        async () =>
          db
            .selectFrom('inbox')
            .select('state')
            .where('consumer', '=', 'progress')
            .where('state', '!=', 'done')
            .execute(),
        { interval: 20, timeout: 20_000 },
      )
      .toEqual([])
  }
  await handIn(crashing)
  await handIn(`${crashing} * 1`)
  expect(await told()).toEqual([])
  await handIn(`${crashing} + 0`)
  const same = { exercise_id: 'square', error: 'NameError', evidence: ids.toReversed() }
  expect(await told()).toMatchObject([{ student_id: 'ann', rule: 'same_error', cleared_at: null, ...same }])
  expect(await alerts()).toMatchObject([
    { reason: 'none_passed', failed: 3, error: 'NameError' },
    {
      student_id: 'ann',
      reason: 'same_error',
      failed: 3,
      exercise_ids: ['square'],
      error: 'NameError',
      evidence: same.evidence,
    },
  ])
  await handIn(`${crashing} - 0`)
  expect(await told(), 'not twice within a day').toHaveLength(1)
  await handIn('def square(n):\n    return n * n')
  expect(await told()).toMatchObject([{ rule: 'same_error', cleared_at: expect.any(Date) }])
  expect(await alerts()).toEqual([])
  const events = (await db.selectFrom('log_record').select('value').orderBy('at').execute())
    .map(({ value }) => JSON.parse(value))
    .filter(({ type }) => type.startsWith('struggle.'))
  expect(events).toMatchObject([
    {
      type: 'struggle.detected',
      subject: 'ann',
      source: '/agents/progress',
      data: { exercise_id: 'square', reason: 'same_error' },
    },
    { type: 'struggle.cleared', subject: 'ann', data: { exercise_id: 'square', evidence: [ids.at(-1)] } },
  ])
})

test('who says that they are stuck is told once, whether an agent answers or not, and others are not', async () => {
  await using stack = await startStack({ working: false, removed: ['debug'] })
  const { db } = stack.ports.history
  await db.insertInto('class_member').values({ class_id: 'py1', student_id: 'ann', joined_at: new Date() }).execute()
  const say = async (path: string, text: string, token = ann) => stack.call('POST', path, { token, body: { text } })
  const alerts = async () => (await stack.call('GET', '/api/v1/classes/py1/alerts', { token: teacher })).body.alerts
  await say('/api/v1/agents/concepts/process', 'What is a loop?')
  await say('/api/v1/agents/debug/process', 'My program is stuck in an endless loop')
  expect(await alerts()).toEqual([])
  expect(await say('/api/v1/agents/debug/process', "I don't understand, nothing works")).toMatchObject({
    body: { code: 'AGENT_ABSENT', request_id: null },
  })
  const [row] = await db.selectFrom('struggle').selectAll().execute()
  expect(await alerts()).toEqual([
    { student_id: 'ann', reason: 'says_stuck', failed: 0, exercise_ids: [], error: null, evidence: row?.evidence },
  ])
  const asked = await say('/api/v1/agents/concepts/process', "I'm stuck")
  expect(asked).toMatchObject({ status: 202 })
  expect(await alerts(), 'not twice within a day').toHaveLength(1)
  await say('/api/v1/agents/concepts/process', "I'm stuck", tokenFor('synthetic-1'))
  expect(await db.selectFrom('struggle').select('student_id').execute()).toEqual([{ student_id: 'ann' }])
})
