import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const [ann, bob, operator] = [tokenFor('ann'), tokenFor('bob'), tokenFor('oda', 'operator')]
const teacher = (sub: string, ...classes: string[]): string => tokenFor(sub, 'teacher', { classes })
const [tom, colleague, una] = [teacher('tom', 'c1'), teacher('cole', 'c1'), teacher('una', 'c2')]

for (const id of ['c1', 'c2'])
  await stack.call('POST', `/api/v1/classes/${id}/students`, { token: operator, body: { students: ['ann'] } })

/** A program of three lines that ann hands in for this class, or as practice. */
async function handedIn(class_id?: string): Promise<string> {
  const { exercise_id } = stack.right
  const code = 'def f():\n    return 1\n'
  return (await stack.submit(ann, { exercise_id, code, ...(class_id === undefined ? {} : { class_id }) })).body
    .submission_id
}
const comment = async (id: string, token: string, body: object) =>
  stack.call('POST', `/api/v1/submissions/${id}/comments`, { token, body })
const texts = async (id: string, token: string) => {
  const { status, body } = await stack.call('GET', `/api/v1/submissions/${id}/comments`, { token })
  return status === 200 ? body.comments.map(({ text }: { text: string }) => text) : status
}
const takeBack = async (id: string, token: string) => stack.call('DELETE', `/api/v1/comments/${id}`, { token })
const audit = async () =>
  db
    .selectFrom('audit')
    .select(['actor', 'action', 'subject', 'detail'])
    .where('action', 'like', 'comment.%')
    .orderBy('audit_id')
    .execute()

test('a comment of a teacher is read with the submission by its student and the teachers of the class alone', async () => {
  const id = await handedIn('c1')
  const made = await comment(id, tom, { text: 'Why a constant?\n\tTry n * n.', line: 2 })
  expect(made).toMatchObject({ status: 201, body: { author: 'tom', line: 2, text: 'Why a constant?\n\tTry n * n.' } })
  for (const token of [ann, tom, colleague, operator])
    expect(await texts(id, token)).toEqual(['Why a constant?\n\tTry n * n.'])
  for (const token of [bob, una]) expect(await texts(id, token)).toBe(404)
  const path = `/api/v1/requests/${id}`
  expect((await stack.call('GET', path, { token: ann })).body.comments).toEqual([made.body])
  expect((await stack.call('GET', path, { token: una })).status).toBe(404)
  const own = await stack.call('GET', `/api/v1/submissions?limit=1`, { token: ann })
  expect(own.body.submissions).toMatchObject([{ submission_id: id, comments: 1 }])
  const history = await stack.call('GET', '/api/v1/students/ann/history', { token: una })
  expect(history.body.submissions).toEqual([])
})

test('only teachers of the class that it was handed in for comment, and practice has none', async () => {
  const [id, practice] = [await handedIn('c1'), await handedIn()]
  const text = 'well done'
  expect(await comment(id, ann, { text })).toMatchObject({ status: 403 })
  for (const token of [bob, una, teacher('none')])
    expect(await comment(id, token, { text })).toMatchObject({ status: 404 })
  expect(await comment(practice, tom, { text })).toMatchObject({ status: 404 })
  expect(await comment(crypto.randomUUID(), tom, { text })).toMatchObject({ status: 404 })
  await stack.call('DELETE', '/api/v1/memberships/c1', { token: ann })
  expect(await comment(id, tom, { text })).toMatchObject({ status: 404 })
  await stack.call('PUT', '/api/v1/classes/c1/students/ann', { token: operator })
  expect(await comment(id, tom, { text })).toMatchObject({ status: 201 })
})

test('of a submission for two classes, the teachers of one do not read what those of the other write', async () => {
  const { exercise_id } = stack.right
  for (const class_id of ['c1', 'c2'])
    await stack.call('POST', '/api/v1/assignments', { token: operator, body: { class_id, exercise_id } })
  const id = await handedIn()
  await comment(id, tom, { text: 'of c1' })
  const { comment_id } = (await comment(id, una, { text: 'of c2' })).body
  await comment(id, operator, { text: 'of all' })
  expect(await texts(id, ann)).toEqual(['of c1', 'of c2', 'of all'])
  expect(await texts(id, colleague)).toEqual(['of c1', 'of all'])
  expect(await texts(id, una)).toEqual(['of c2', 'of all'])
  const { submissions } = (await stack.call('GET', '/api/v1/students/ann/history', { token: una })).body
  expect(submissions).toMatchObject([{ submission_id: id, comments: 2 }])
  expect(await takeBack(comment_id, tom)).toMatchObject({ status: 404 })
  for (const class_id of ['c1', 'c2']) {
    const { assignments } = (await stack.call('GET', '/api/v1/assignments', { token: teacher('x', class_id) })).body
    await stack.call('DELETE', `/api/v1/assignments/${assignments[0].assignment_id}`, { token: operator })
  }
})

test('what is too long, blank, not printable or about no line of the program is refused, and nothing is stored', async () => {
  const id = await handedIn('c1')
  for (const body of [
    { text: 'x'.repeat(2_001) },
    { text: '' },
    { text: ' \n\t' },
    { text: 'a\u0007b' },
    { text: 'a\rb' },
    { text: 'a\u001b[31mb' },
    { text: 'a\u2028b' },
    { text: 'a\ud800b' },
    { text: 'a', line: 0 },
    { text: 'a', line: 1.5 },
    { text: 'a', line: 4 },
    { text: 'a', more: 1 },
    {},
  ])
    expect(await comment(id, tom, body), JSON.stringify(body).slice(0, 80)).toMatchObject({ status: 400 })
  expect(await texts(id, ann)).toEqual([])
  expect(await comment(id, tom, { text: '🙂'.repeat(2_000), line: 3 })).toMatchObject({ status: 201 })
  expect(await comment(id, tom, { text: 'a', line: null })).toMatchObject({ status: 201, body: { line: null } })
})

test('said again it is the same comment, and a submission has at most 200', async () => {
  const id = await handedIn('c1')
  const first = await comment(id, tom, { text: 'same', line: 1 })
  expect(await comment(id, tom, { text: 'same', line: 1 })).toEqual({
    ...first,
    status: 200,
    headers: expect.anything(),
  })
  for (const [token, line] of [
    [tom, 2],
    [tom, null],
    [colleague, 1],
  ] as const)
    expect(await comment(id, token, { text: 'same', line })).toMatchObject({ status: 201 })
  await db
    .insertInto('comment')
    .values(
      Array.from({ length: 196 }, (_, at) => ({
        comment_id: crypto.randomUUID(),
        submission_id: id,
        author: 'tom',
        text: `${at}`,
      })),
    )
    .execute()
  expect(await comment(id, tom, { text: 'one more' })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect(await comment(id, tom, { text: 'same', line: 1 })).toMatchObject({ status: 200 })
})

test('a comment is taken back by whoever wrote it, also once the student has left, and the audit tells both', async () => {
  const id = await handedIn('c1')
  const before = (await audit()).length
  const { comment_id } = (await comment(id, tom, { text: 'oops' })).body
  expect(await takeBack(comment_id, ann)).toMatchObject({ status: 403 })
  expect(await takeBack(comment_id, colleague)).toMatchObject({ status: 403 })
  for (const token of [bob, una]) expect(await takeBack(comment_id, token)).toMatchObject({ status: 404 })
  await stack.call('DELETE', '/api/v1/memberships/c1', { token: ann })
  expect(await takeBack(comment_id, colleague)).toMatchObject({ status: 404 })
  expect(await takeBack(comment_id, tom)).toMatchObject({ status: 200, body: { submission_id: id, removed: true } })
  expect(await takeBack(comment_id, tom)).toMatchObject({ status: 404 })
  await stack.call('PUT', '/api/v1/classes/c1/students/ann', { token: operator })
  expect(await texts(id, ann)).toEqual([])
  const detail = { submission_id: id, comment_id }
  expect((await audit()).slice(before)).toEqual([
    { actor: 'tom', action: 'comment.add', subject: 'ann', detail },
    { actor: 'tom', action: 'comment.remove', subject: 'ann', detail },
  ])
})

test('comments are exported and erased with their student, and outlive their author without the name', async () => {
  const id = await handedIn('c1')
  await comment(id, tom, { text: 'kept' })
  await comment(id, teacher('tim', 'c1'), { text: 'by one who leaves' })
  const exported = (await stack.call('GET', '/api/v1/students/ann', { token: ann })).body.tables
  expect(exported.comment).toEqual(
    expect.arrayContaining([expect.objectContaining({ submission_id: id, author: 'tom', text: 'kept' })]),
  )
  expect((await stack.call('GET', '/api/v1/students/ann', { token: una })).body.tables).not.toHaveProperty('comment')
  await stack.call('DELETE', '/api/v1/students/tim', { token: operator })
  const left = (await stack.call('GET', `/api/v1/submissions/${id}/comments`, { token: ann })).body.comments
  expect(left).toMatchObject([
    { author: 'tom', text: 'kept' },
    { author: expect.stringMatching(/^erased:[0-9a-f]{32}$/), text: 'by one who leaves' },
  ])
  const { rows } = (await stack.call('DELETE', '/api/v1/students/ann', { token: ann })).body
  expect(rows.comment).toBeGreaterThan(1)
  expect(await db.selectFrom('comment').selectAll().execute()).toEqual([])
  expect(await db.selectFrom('comment_class').selectAll().execute()).toEqual([])
})
