import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const [ann, bob] = [tokenFor('ann'), tokenFor('bob')]
const teacher = tokenFor('tess', 'teacher', { classes: ['py1'] })
const stranger = tokenFor('una', 'teacher', { classes: ['py2'] })
const path = '/api/v1/notifications'
const list = async (token: string, query = '') => (await stack.call('GET', `${path}${query}`, { token })).body
const mark = async (token: string, ids: string[], seen = true) =>
  (await stack.call('POST', `${path}/seen`, { token, body: { ids, seen } })).body

for (const student_id of ['ann', 'bob', 'synthetic-1'])
  await db.insertInto('class_member').values({ class_id: 'py1', student_id, joined_at: new Date() }).execute()
const assigned = (
  await stack.call('POST', '/api/v1/assignments', {
    token: teacher,
    body: { class_id: 'py1', exercise_id: 'square', due: '2027-01-02T10:00:00Z' },
  })
).body.assignment_id as string
const handedIn = (await stack.submit(ann, { exercise_id: 'square', code: 'pass', class_id: 'py1' })).body
  .request_id as string
const comment = (
  await stack.call('POST', `/api/v1/submissions/${handedIn}/comments`, { token: teacher, body: { text: 'well done' } })
).body.comment_id as string

/** Stores that a student struggles. */
async function struggle(student_id: string, rule: string, evidence: string[]): Promise<string> {
  const struggle_id = randomUUID()
  const row = { struggle_id, student_id, rule, exercise_id: null, error: null, evidence: JSON.stringify(evidence) }
  await db.insertInto('struggle').values(row).execute()
  return struggle_id
}

test('a student finds assignments and comments, newest first, page by page, and marks them as seen and unseen', async () => {
  const whole = await list(ann)
  expect(whole).toMatchObject({
    unseen: 2,
    next: null,
    notifications: [
      { notification_id: comment, kind: 'comment', submission_id: handedIn, text: 'tess commented on your square' },
      { notification_id: assigned, kind: 'assignment', text: 'square is assigned to py1, due 2027-01-02T10:00Z' },
    ],
  })
  const first = await list(ann, '?limit=1')
  const second = await list(ann, `?limit=1&cursor=${first.next}`)
  expect([...first.notifications, ...second.notifications]).toEqual(whole.notifications)
  expect(second.next).toBeNull()
  expect(await mark(ann, [comment, randomUUID()])).toEqual({ changed: 1, unseen: 1 })
  expect(await mark(ann, [comment]), 'again changes nothing').toEqual({ changed: 0, unseen: 1 })
  expect((await list(ann, '?unseen=true')).notifications).toMatchObject([{ notification_id: assigned }])
  expect(await mark(ann, [comment], false)).toEqual({ changed: 1, unseen: 2 })
  await mark(ann, [assigned])
  await stack.call('POST', '/api/v1/assignments', { token: teacher, body: { class_id: 'py1', exercise_id: 'square' } })
  expect((await list(ann)).unseen, 'an assignment that changed is unseen again').toBe(2)
  expect(await list(ann, '?cursor=nonsense')).toMatchObject({ status: 400, code: 'INVALID_INPUT' })
})

test('nobody sees, or marks, what is for others', async () => {
  expect((await list(bob)).notifications).toMatchObject([{ notification_id: assigned }])
  expect(await mark(bob, [comment])).toMatchObject({ changed: 0 })
  expect((await list(tokenFor('cat'))).notifications).toEqual([])
  expect((await list(tokenFor('oda', 'operator'))).notifications).toEqual([])
})

test('a teacher learns who struggles in what was handed in for the class, and what its students said', async () => {
  const [seen, said] = [
    await struggle('ann', 'same_error', [handedIn]),
    await struggle('bob', 'says_stuck', [randomUUID()]),
  ]
  await struggle('ann', 'same_error', [randomUUID()])
  await struggle('synthetic-1', 'says_stuck', [randomUUID()])
  const { notifications } = await list(teacher)
  expect(notifications.map((one: { notification_id: string }) => one.notification_id).toSorted()).toEqual(
    [seen, said].toSorted(),
  )
  expect(notifications).toContainEqual(
    expect.objectContaining({ kind: 'struggle', student_id: 'bob', text: 'bob says that they are stuck' }),
  )
  expect((await list(stranger)).notifications).toEqual([])
})

test('a stream tells what is unseen, then what comes, each once', async () => {
  const leaving = new AbortController()
  const reply = await fetch(`${stack.url}${path}`, {
    headers: { authorization: `Bearer ${bob}`, accept: 'text/event-stream' },
    signal: leaving.signal,
  })
  expect(reply.headers.get('content-type')).toContain('text/event-stream')
  const frames: string[] = []
  const reading = (async () => {
    for await (const text of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) frames.push(text)
  })().catch(() => {})
  const told = (): unknown[] => [...frames.join('').matchAll(/^data: (.+)$/gm)].map(([, data = '']) => JSON.parse(data))
  await expect.poll(told).toMatchObject([{ kind: 'assignment', exercise_id: 'square' }])
  const body = { class_id: 'py1', exercise_id: 'cash-price' }
  expect(await stack.call('POST', '/api/v1/assignments', { token: teacher, body })).toMatchObject({ status: 201 })
  await expect.poll(told, { timeout: 20_000 }).toMatchObject([{ exercise_id: 'square' }, { exercise_id: 'cash-price' }])
  leaving.abort()
  await reading
})
