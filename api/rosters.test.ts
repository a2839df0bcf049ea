import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack()
afterAll(async () => stack[Symbol.asyncDispose]())
const tom = tokenFor('tom', 'teacher', { classes: ['c1', 'c2'] })
const una = tokenFor('una', 'teacher', { classes: ['c2'] })
const operator = tokenFor('oda', 'operator')

/** Hands a program with this comment in and waits for the grade. */
async function handIn(student: string, comment: string, more: object = {}): Promise<string> {
  const [token, code] = [tokenFor(student), `# ${comment}\n${stack.right.code}`]
  const { body } = await stack.submit(token, { exercise_id: stack.right.exercise_id, code, ...more })
  const status = async () => (await stack.call('GET', `/api/v1/requests/${body.request_id}`, { token })).body.status
  await expect.poll(status, { timeout: 60_000 }).toBe('done')
  return body.request_id
}

test('a teacher who names a student reads nothing, until the student accepts, and then only what is for the class', async () => {
  const before = await handIn('ann', 'CANARY-BEFORE')
  const invited = await stack.call('PUT', '/api/v1/classes/c2/students/ann', { token: una })
  expect(invited).toMatchObject({ status: 201, body: { status: 'invited' } })
  const paths = ['/api/v1/students/ann', '/api/v1/students/ann/history', '/api/v1/agents/progress/mastery/ann']
  for (const path of paths) expect(await stack.call('GET', path, { token: una })).toMatchObject({ status: 403 })
  expect((await stack.call('GET', '/api/v1/memberships', { token: tokenFor('ann') })).body).toEqual({
    student_id: 'ann',
    classes: [{ class_id: 'c2', status: 'invited' }],
  })
  expect(await stack.call('PUT', '/api/v1/memberships/c2', { token: tokenFor('ann') })).toMatchObject({
    status: 200,
    body: { status: 'joined' },
  })
  const practice = await handIn('ann', 'CANARY-PRACTICE')
  const named = await handIn('ann', 'CANARY-NAMED', { class_id: 'c2' })
  await stack.call('POST', '/api/v1/assignments', {
    token: una,
    body: { class_id: 'c2', exercise_id: stack.right.exercise_id },
  })
  const assigned = await handIn('ann', 'CANARY-ASSIGNED')
  for (const path of paths) {
    const { status, body } = await stack.call('GET', path, { token: una })
    expect(status, path).toBe(200)
    expect(JSON.stringify(body), path).not.toMatch(/CANARY-(?:BEFORE|PRACTICE)/)
  }
  const { tables, state } = (await stack.call('GET', '/api/v1/students/ann', { token: una })).body
  expect(tables.submission.map((row: { submission_id: string }) => row.submission_id).toSorted()).toEqual(
    [named, assigned].toSorted(),
  )
  expect([Object.keys(tables).toSorted(), state]).toEqual([['grade', 'submission'], {}])
  for (const [id, status] of [
    [before, 404],
    [practice, 404],
    [named, 200],
    [assigned, 200],
  ] as const)
    for (const path of [`/api/v1/requests/${id}`, `/api/v1/requests/${id}/events`])
      expect((await stack.call('GET', path, { token: una })).status, path).toBe(status)
  const { students } = (await stack.call('GET', '/api/v1/classes/c2/progress', { token: una })).body
  expect(students).toMatchObject([{ student_id: 'ann', submissions: 2, mastery: [{ level: expect.any(String) }] }])
  await stack.call('DELETE', '/api/v1/memberships/c2', { token: tokenFor('ann') })
  for (const path of [...paths, `/api/v1/requests/${named}`])
    expect((await stack.call('GET', path, { token: una })).status, path).toBeGreaterThanOrEqual(403)
})

test('what is handed in for one class is not open to the teacher of another', async () => {
  for (const id of ['c1', 'c2']) await stack.call('PUT', `/api/v1/classes/${id}/students/bob`, { token: operator })
  const one = await handIn('bob', 'for c1', { class_id: 'c1' })
  expect((await stack.call('GET', `/api/v1/requests/${one}`, { token: una })).status).toBe(404)
  expect((await stack.call('GET', `/api/v1/requests/${one}`, { token: tom })).status).toBe(200)
  expect(await stack.submit(tokenFor('cat'), { ...stack.right, class_id: 'c1' })).toMatchObject({
    status: 403,
    body: { detail: 'you have not joined the class c1' },
  })
})

test('a code joins a class until it is withdrawn or expires, and opens nothing to those who are no students', async () => {
  const made = await stack.call('POST', '/api/v1/classes/c1/invitations', { token: tom, body: { days: 1 } })
  expect(made).toMatchObject({ status: 201, body: { code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/) } })
  const { code } = made.body
  const join = async (student: string, body: object = { code }) =>
    stack.call('POST', '/api/v1/memberships', { token: tokenFor(student), body })
  expect(await join('dan', { code: code.toLowerCase().replaceAll('-', ' ') })).toMatchObject({
    status: 201,
    body: { class_id: 'c1', student_id: 'dan', status: 'joined' },
  })
  expect(await join('dan')).toMatchObject({ status: 200 })
  expect(await stack.call('POST', '/api/v1/memberships', { token: tom, body: { code } })).toMatchObject({
    status: 403,
    body: { detail: 'only students join a class, and your token is one of a teacher' },
  })
  await stack.ports.history.db
    .updateTable('class_invitation')
    .set({ expires_at: new Date(0) })
    .execute()
  expect(await join('eve')).toMatchObject({ status: 404 })
  await stack.call('POST', '/api/v1/classes/c1/invitations', { token: tom })
  expect((await stack.call('DELETE', '/api/v1/classes/c1/invitations', { token: tom })).body.withdrawn).toBe(2)
  expect(await join('eve')).toMatchObject({ status: 404, body: { hint: expect.stringContaining('ask your teacher') } })
  expect(await stack.call('PUT', '/api/v1/memberships/c1', { token: tokenFor('eve') })).toMatchObject({ status: 404 })
})

test('teachers and operators are no students, whoever enrols them, and typos are refused or wait', async () => {
  const put = async (id: string, token: string) => stack.call('PUT', `/api/v1/classes/c1/students/${id}`, { token })
  await stack.call('GET', '/api/v1/memberships', { token: una })
  await expect.poll(async () => put('una', tom)).toMatchObject({ status: 400, body: { detail: 'una is a teacher' } })
  expect(await put('oda', tom)).toMatchObject({ status: 400, body: { detail: 'oda is an operator' } })
  expect(await put('una', operator)).toMatchObject({ status: 400 })
  expect(await put('tom', tom)).toMatchObject({ status: 400, body: { detail: 'tom is you, and you are teacher here' } })
  expect(await put('no%0Asuch', tom)).toMatchObject({ status: 400 })
  expect(await put('amn', tom)).toMatchObject({ status: 201, body: { status: 'invited' } })
  expect((await stack.call('GET', '/api/v1/students/amn', { token: tom })).status).toBe(403)
})

test('an import enrols all or none, says every mistake with its place, and shows whom nobody has seen yet', async () => {
  const bring = async (students: string[], token = operator) =>
    stack.call('POST', '/api/v1/classes/c3/students', { token, body: { students } })
  await handIn('fay', 'known')
  expect(await bring(['fay', 'new-one'])).toMatchObject({ body: { enrolled: 2, unchanged: 0, pending: 1 } })
  expect(await bring(['fay', 'new-one', 'fay'])).toMatchObject({ body: { enrolled: 0, unchanged: 2, pending: 1 } })
  expect(await bring(['gil', '', 'a\u0007b', 'a b\n'])).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/^students\.1: "" .*; students\.2: .*; students\.3: "a b\\n"/) },
  })
  expect(await bring(['gil', 'oda'])).toMatchObject({ status: 400, body: { detail: 'oda is an operator' } })
  expect(await bring(['gil'], tokenFor('tom', 'teacher', { classes: ['c3'] }))).toMatchObject({ status: 403 })
  const { students } = (await stack.call('GET', '/api/v1/classes/c3/students', { token: operator })).body
  expect(students).toEqual([
    { student_id: 'fay', status: 'joined' },
    { student_id: 'new-one', status: 'pending' },
  ])
  const id = await handIn('new-one', 'first', { class_id: 'c3' })
  const teacher = tokenFor('tom', 'teacher', { classes: ['c3'] })
  expect((await stack.call('GET', `/api/v1/requests/${id}`, { token: teacher })).status).toBe(200)
})
