import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack()
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const teacher = tokenFor('tess', 'teacher', { classes: ['py1'] })
const ann = tokenFor('ann')
const wish = async (token: string, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  stack.call('POST', '/api/v1/exercises/wishes', { token, body, headers })
const get = async (token: string, path: string) => (await stack.call('GET', `/api/v1/${path}`, { token })).body
interface Offered {
  id: string
  title: string
  statement: string
  assignment: unknown
  template: string | null
  source: { text: string; programs: Record<string, string> } | null
}
const stored = async () => db.selectFrom('exercise').select(['exercise_id', 'owner']).execute()

await db.insertInto('class_member').values({ class_id: 'py1', student_id: 'ann', joined_at: new Date() }).execute()

test('students wish nothing, and teachers nothing for the classes of others', async () => {
  expect(await wish(ann, { text: 'easy exercises on loops' })).toMatchObject({ status: 403 })
  const other = await wish(teacher, { text: 'easy exercises on loops', class_id: 'py2', assign: true })
  expect(other).toMatchObject({ status: 403 })
  expect(await wish(teacher, { text: 'loops', assign: true })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_INPUT', detail: expect.stringContaining('class_id') },
  })
  for (const body of [{ text: '' }, { text: 'loops', count: 11 }, { text: 'loops', due: 'soon' }])
    expect(await wish(teacher, body)).toMatchObject({ status: 400 })
})

test('an unknown topic is named, with topics that there are exercises on; nothing is assigned', async () => {
  const { status, body } = await wish(teacher, {
    text: 'easy exercises on quantum loops and dictonary keys of sql',
    class_id: 'py1',
    assign: true,
  })
  expect([status, body.exercises]).toEqual([200, []])
  expect(body.wish.unknown.length).toBeGreaterThan(0)
  expect(body.nearest.length).toBeGreaterThan(0)
  expect(await get(teacher, 'assignments')).toEqual({ assignments: [] })
})

test('wished exercises are proven and not stored; assigned, the student is told, finds them and solves one', async () => {
  const text = 'two easy exercises on list comprehensions'
  const seen = (await wish(teacher, { text, class_id: 'py1' })).body
  expect(seen).toMatchObject({
    wish: { topics: ['List comprehensions'], without: [], level: 'easy', count: 2, unknown: [] },
    exercises: [
      { level: 'easy', assignment: null },
      { level: 'easy', assignment: null },
    ],
    nearest: [],
    refused: [],
  })
  expect(await stored()).toEqual([])
  const due = '2999-01-01T00:00:00.000Z'
  const { exercises } = (await wish(teacher, { text, class_id: 'py1', assign: true, due })).body
  const ids = exercises.map(({ id }: Offered) => id)
  expect(ids).toEqual(seen.exercises.map(({ id }: Offered) => id))
  expect(exercises).toMatchObject([1, 2].map(() => ({ assignment: { class_id: 'py1', due, students: 1 } })))
  const made = exercises.filter(({ template }: Offered) => template !== null)
  expect(made.length).toBeGreaterThan(0)
  expect(await stored()).toEqual(made.map(({ id }: Offered) => ({ exercise_id: id, owner: 'tess' })))
  const { assignments } = await get(ann, 'assignments')
  expect(assignments.map((one: { exercise_id: string }) => one.exercise_id)).toEqual(ids.toSorted())
  expect(assignments).toMatchObject(ids.map(() => ({ standing: 'open', due })))
  const { notifications } = await get(ann, 'notifications')
  expect(notifications.filter(({ kind }: { kind: string }) => kind === 'assignment').length).toBe(2)
  const [{ id }] = made
  expect(JSON.stringify(await get(ann, `exercises/${id}`))).not.toContain('reference')
  const code = (await stack.bank.find(id)).reference
  const graded = await stack.submit(ann, { exercise_id: id, code }, { prefer: 'wait=20' })
  expect(graded.body).toMatchObject({ status: 'done', grade: { verdict: 'passed' } })
  const after = (await get(ann, 'assignments')).assignments.find(
    (one: { exercise_id: string }) => one.exercise_id === id,
  )
  expect(after).toMatchObject({ standing: 'passed' })
})

test('what a class has is not offered to it again, and a made exercise can be added by its file', async () => {
  const before = await get(teacher, 'assignments')
  const had = before.assignments.map((one: { exercise_id: string }) => one.exercise_id)
  const text = 'easy exercises on list comprehensions'
  const { exercises } = (await wish(teacher, { text, count: 2, class_id: 'py1' })).body
  for (const { id } of exercises) expect(had).not.toContain(id)
  const made = exercises.find(({ source }: Offered) => source !== null)
  const added = await stack.call('POST', '/api/v1/exercises', { token: teacher, body: made.source })
  expect(added).toMatchObject({ status: 201, body: { id: made.id, owner: 'tess' } })
  const others = (await wish(tokenFor('cole', 'teacher'), { text, count: 1 })).body.exercises
  expect(others).toHaveLength(1)
})

test('a wish typed again has its exercises already, and takes a later due time; another seed gives others', async () => {
  const body = { text: 'two easy exercises on sets', class_id: 'py1', assign: true }
  const first = (await wish(teacher, body)).body.exercises
  expect(first).toHaveLength(2)
  const before = await get(teacher, 'assignments')
  const told = (await get(ann, 'notifications')).notifications.length
  const seen = (await wish(teacher, { ...body, text: ' Two easy  exercises on sets ', assign: false })).body.exercises
  // What was made is in the bank by now, and its file needs not be told again.
  const known = (some: Offered[]) =>
    some
      .map(({ id, title, statement, assignment }) => ({ id, title, statement, assignment }))
      .toSorted((one, other) => one.id.localeCompare(other.id))
  expect(known(seen)).toEqual(known(first))
  expect(known((await wish(teacher, body)).body.exercises)).toEqual(known(first))
  // What is kept of a wish tells nobody who wished what.
  const kept = await db.selectFrom('assignment').select('wish').where('wish', 'is not', null).execute()
  expect(kept.length).toBeGreaterThanOrEqual(2)
  for (const { wish: hash } of kept) expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await get(teacher, 'assignments')).toEqual(before)
  expect((await get(ann, 'notifications')).notifications).toHaveLength(told)
  const due = '2999-02-01T00:00:00.000Z'
  const later = (await wish(teacher, { ...body, due })).body.exercises
  expect(later.map(({ assignment }: { assignment: { due: string } }) => assignment.due)).toEqual([due, due])
  expect((await get(teacher, 'assignments')).assignments).toHaveLength(before.assignments.length)
  const others = (await wish(teacher, { ...body, seed: '2', assign: false })).body.exercises
  for (const { id } of others) expect(first.map((one: Offered) => one.id)).not.toContain(id)
  expect(others).toMatchObject(others.map(() => ({ assignment: null })))
})

test('nothing is stored and nothing assigned when the assignment of one of them fails', async () => {
  const text = 'two easy exercises on tuples'
  const offered: Offered[] = (await wish(teacher, { text, class_id: 'py1' })).body.exercises
  const made = offered.find(({ template }) => template !== null)
  if (made === undefined) throw new Error('none was made from a template')
  const exercise = JSON.stringify({ ...stack.bank.get('square'), id: made.id })
  const row = { exercise_id: made.id, version: 1, owner: 'somebody else', source: '{}', exercise }
  const counts = [(await stored()).length + 1, (await get(teacher, 'assignments')).assignments.length]
  await db.insertInto('exercise').values(row).execute()
  expect(await wish(teacher, { text, class_id: 'py1', assign: true })).toMatchObject({ status: 403 })
  expect([(await stored()).length, (await get(teacher, 'assignments')).assignments.length]).toEqual(counts)
})

test('a wish that is repeated with its key assigns once, and its key is for no other wish', async () => {
  const body = { text: 'exercises on while loops', count: 1, class_id: 'py1', assign: true }
  const key = { 'idempotency-key': 'while' }
  const first = await wish(teacher, body, key)
  expect(first).toMatchObject({ status: 200, body: { exercises: [{ assignment: { class_id: 'py1' } }] } })
  const { assignments } = await get(teacher, 'assignments')
  const again = await wish(teacher, body, key)
  expect([again.headers.get('idempotent-replayed'), again.body]).toEqual(['true', first.body])
  expect((await get(teacher, 'assignments')).assignments).toEqual(assignments)
  expect(await wish(teacher, { ...body, count: 2 }, key)).toMatchObject({ status: 422, body: { code: 'KEY_REUSED' } })
})

test('an exercise that was retired does not come back to the class that had it', async () => {
  const text = 'two easy exercises on dictionaries'
  const had: Offered[] = (await wish(teacher, { text, class_id: 'py1', assign: true })).body.exercises
  const made = had.filter(({ template }) => template !== null)
  expect(made.length).toBeGreaterThan(0)
  for (const { id } of made)
    expect(await stack.call('DELETE', `/api/v1/exercises/${id}`, { token: teacher })).toMatchObject({ status: 200 })
  for (const class_id of ['py1', undefined]) {
    const ids = (await wish(teacher, { text, class_id, count: 4 })).body.exercises.map(({ id }: Offered) => id)
    for (const { id } of made) expect(ids).not.toContain(id)
  }
})

test('nothing is assigned for a client that has left', async () => {
  const body = { text: 'easy exercises on list comprehensions', count: 1, class_id: 'py1' }
  expect((await wish(teacher, body)).body.exercises).toHaveLength(1)
  const before = await get(teacher, 'assignments')
  const held = Promise.withResolvers<void>()
  const holding = stack.ports.history.transaction(async () => held.promise)
  const left = new AbortController()
  const call = fetch(`${stack.url}/api/v1/exercises/wishes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${teacher}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, assign: true }),
    signal: left.signal,
  })
  await setTimeout(200)
  left.abort()
  await expect(call).rejects.toThrow()
  await setTimeout(200)
  held.resolve()
  await holding
  expect((await wish(teacher, body)).status).toBe(200)
  expect(await get(teacher, 'assignments')).toEqual(before)
})
