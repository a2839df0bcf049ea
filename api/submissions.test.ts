import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { storedJudgement } from '../agents/exercise/agent.ts'
import { startStack, tokenFor } from './test-stack.ts'

let newer = 0
const stack = await startStack({
  bankFrom: bank => {
    const get = (id: string): ReturnType<typeof bank.get> => ({
      ...bank.get(id),
      version: bank.get(id).version + newer,
    })
    return { ...bank, get, find: async id => get(id) }
  },
})
afterAll(async () => stack[Symbol.asyncDispose]())

test('a right program is accepted with the place to ask and passes', async () => {
  const token = tokenFor('ann')
  const accepted = await stack.submit(token)
  expect(accepted).toMatchObject({ status: 202, body: { status: 'queued', position: expect.any(Number) } })
  expect(accepted.headers.get('location')).toBe(`/api/v1/requests/${accepted.body.request_id}`)
  expect(accepted.body.submission_id).toBe(accepted.body.request_id)
  await expect
    .poll(async () => (await stack.call('GET', accepted.headers.get('location') ?? '', { token })).body)
    .toMatchObject({ status: 'done', position: null, grade: { verdict: 'passed', score: 1, attempt: 1 } })
})

test('Prefer: wait holds the call and answers with the grade', async () => {
  const reply = await stack.submit(tokenFor('bea'), undefined, { prefer: 'respond-async, wait=20' })
  expect(reply).toMatchObject({ status: 200, body: { status: 'done', grade: { verdict: 'passed' } } })
  expect(reply.headers.get('preference-applied')).toBe('wait')
})

test('the same key and body is one submission with one answer; another body is refused', async () => {
  const token = tokenFor('cat')
  const key = { 'idempotency-key': randomUUID() }
  const replies = await Promise.all(Array.from({ length: 8 }, async () => stack.submit(token, undefined, key)))
  expect(new Set(replies.map(reply => JSON.stringify([reply.status, reply.body]))).size).toBe(1)
  expect((await stack.call('GET', '/api/v1/submissions', { token })).body.submissions).toHaveLength(1)
  expect(await stack.submit(token, { ...stack.right, code: 'pass' }, key)).toMatchObject({
    status: 422,
    body: { code: 'KEY_REUSED' },
  })
  expect(await stack.submit(tokenFor('cat-2'), { ...stack.right, code: 'pass' }, key)).toMatchObject({ status: 202 })
})

test('attempts count in the order of acceptance, also under parallel calls', async () => {
  const token = tokenFor('dan')
  await Promise.all(Array.from({ length: 10 }, async () => stack.submit(token)))
  const { submissions } = (await stack.call('GET', '/api/v1/submissions?limit=100', { token })).body
  expect(submissions.map((one: { attempt: number }) => one.attempt)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
})

test('the list comes in pages, newest first, of one exercise when asked', async () => {
  const token = tokenFor('eve')
  for (let at = 0; at < 5; at += 1) await stack.submit(token)
  const attempts: number[] = []
  for (let path = '/api/v1/submissions?limit=2'; ;) {
    const { body } = await stack.call('GET', path, { token })
    attempts.push(...body.submissions.map((one: { attempt: number }) => one.attempt))
    if (body.next === null) break
    path = `/api/v1/submissions?limit=2&cursor=${body.next}`
  }
  expect(attempts).toEqual([5, 4, 3, 2, 1])
  expect((await stack.call('GET', '/api/v1/submissions?exercise_id=some-other', { token })).body.submissions).toEqual(
    [],
  )
  expect(await stack.call('GET', '/api/v1/submissions?cursor=nonsense', { token })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_INPUT' },
  })
  expect(await stack.call('GET', '/api/v1/submissions?limit=101', { token })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'querystring.limit' }] },
  })
})

test('a teacher has a submission graded again under a newer version, and both grades stay', async () => {
  const [student, teacher, stranger] = [
    tokenFor('fay'),
    tokenFor('tom', 'teacher', { classes: ['py1'] }),
    tokenFor('una', 'teacher', { classes: ['py2'] }),
  ]
  await stack.call('PUT', '/api/v1/classes/py1/students/fay', { token: teacher })
  await stack.call('PUT', '/api/v1/memberships/py1', { token: student })
  const { body } = await stack.submit(student, { ...stack.right, class_id: 'py1' }, { prefer: 'wait=20' })
  const path = `/api/v1/submissions/${body.request_id}/regrade`
  expect(await stack.call('POST', path, { token: teacher })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  expect(await stack.call('POST', path, { token: student })).toMatchObject({ status: 403 })
  expect(await stack.call('POST', path, { token: stranger })).toMatchObject({ status: 404 })
  newer = 1
  expect(await stack.call('POST', path, { token: teacher })).toMatchObject({
    status: 202,
    body: { request_id: body.request_id },
  })
  const history = async (): Promise<unknown> =>
    (await stack.call('GET', '/api/v1/students/fay/history', { token: teacher })).body
  await expect.poll(history).toMatchObject({
    submissions: [
      {
        grades: [
          { exercise_version: body.grade.exercise_version + 1 },
          { exercise_version: body.grade.exercise_version },
        ],
      },
    ],
  })
  const audit = await stack.ports.history.db
    .selectFrom('audit')
    .select(['actor', 'subject'])
    .where('action', '=', 'submission.regrade')
    .execute()
  expect(audit).toEqual([{ actor: 'tom', subject: 'fay' }])
  newer = 0
})

test('a student sees of a hidden test only whether it passed, a teacher all of it', async () => {
  await stack.call('PUT', '/api/v1/classes/py1/students/fay', { token: tokenFor('oda', 'operator') })
  const { body } = await stack.submit(tokenFor('fay'), { ...stack.right, class_id: 'py1' }, { prefer: 'wait=20' })
  const hidden = (tests: { hidden: boolean; call: string }[]): string[] =>
    tests.filter(one => one.hidden).map(one => one.call)
  const seen = await stack.call('GET', `/api/v1/requests/${body.request_id}`, {
    token: tokenFor('tom', 'teacher', { classes: ['py1'] }),
  })
  expect(hidden(body.grade.tests).every(call => call === '')).toBe(true)
  expect(hidden(seen.body.grade.tests).every(call => call !== '')).toBe(true)
})

test('a hundred equal programs of a hundred students run once, and the grade outlives its process', async () => {
  const programs: string[] = []
  const { sandbox } = stack.ports
  const { run } = sandbox
  sandbox.run = async job => (
    job.code.includes('def square(number)') && job.trusted !== true && programs.push(job.code),
    run(job)
  )
  const code = (at: number): string => `${'#\n'.repeat(at)}def square(number):\n    return number * number\n`
  const replies = await Promise.all(
    Array.from({ length: 100 }, async (_, at) =>
      stack.submit(tokenFor(`many-${at}`), { exercise_id: 'square', code: code(at) }),
    ),
  )
  for (const [at, { headers }] of replies.entries())
    await expect
      .poll(
        async () => (await stack.call('GET', headers.get('location') ?? '', { token: tokenFor(`many-${at}`) })).body,
      )
      .toMatchObject({ status: 'done', grade: { verdict: 'passed' } })
  expect(programs).toHaveLength(1)
  const rows = await stack.ports.history.db
    .selectFrom('grade')
    .select(['fingerprint', 'shape'])
    .where('student_id', 'like', 'many-%')
    .execute()
  expect(rows).toHaveLength(100)
  expect(new Set(rows.map(({ fingerprint }) => fingerprint)).size).toBe(1)
  // Another process knows only what is stored.
  const known = await stack.ports.history.db
    .selectFrom('grade')
    .selectAll()
    .where('student_id', '=', 'many-0')
    .executeTakeFirstOrThrow()
  expect(await storedJudgement(stack.ports.history.db, [known.fingerprint ?? ''])).toMatchObject({
    verdict: 'passed',
    seed: known.seed,
    tests: known.tests,
  })
  sandbox.run = run
})

test.each([
  ['returns', 'failed', "return '\\x00' + chr(0xDFFF)"],
  ['raises', 'failed', "raise ValueError('\\x00' + chr(0xD800))"],
  ['prints', 'failed', "print('\\x00', '\\u2028')"],
])('what no database can store as it is, a program %s, and it is graded', async (_does, verdict, line) => {
  const body = { exercise_id: 'square', code: `def square(n):\n    ${line}\n` }
  const reply = await stack.submit(tokenFor('nul'), body, { prefer: 'wait=20' })
  expect(reply).toMatchObject({ status: 200, body: { status: 'done', grade: { verdict, score: 0 } } })
})
