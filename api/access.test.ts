import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startStack, tokenFor } from './test-stack.ts'

// Without workers everything stays queued, so nothing has to be waited for.
const stack = await startStack({ working: false })
afterAll(async () => stack[Symbol.asyncDispose]())
const operator = tokenFor('oda', 'operator')
const callers: Record<string, string | null> = {
  nobody: null,
  student: tokenFor('ann'),
  'other student': tokenFor('bob'),
  teacher: tokenFor('tom', 'teacher', { classes: ['c1'] }),
  'invited only': tokenFor('una', 'teacher', { classes: ['c2'] }),
  operator,
}

interface Row {
  route: string
  cells: Record<string, string>
}

async function documented(): Promise<Row[]> {
  const text = await readFile(join(import.meta.dirname, '..', 'docs', 'access.md'), 'utf8')
  const rows = text
    .split('\n')
    .map(line => line.split('|').map(cell => cell.trim()))
    .filter(cells => cells.length === 9)
  const [head = [], , ...body] = rows
  return body.map(cells => ({
    route: (cells[1] ?? '').replaceAll('`', ''),
    cells: Object.fromEntries(head.slice(2, -1).map((name, at) => [name, cells[at + 2] ?? ''])),
  }))
}

const rows = await documented()
const oneQuestion = { topic: 'for loops', questions: 1 }

/** A new submission of ann for the class c1, so that each call finds it as it was. */
async function submission(): Promise<string> {
  const reply = await stack.submit(tokenFor('ann'), { ...stack.right, class_id: 'c1' })
  return reply.body.request_id
}

/** The path and body with which a route is called, after everything that it needs has been made. */
async function sample(route: string): Promise<{ path: string; body?: unknown }> {
  for (const student of ['ann', 'bob'])
    await stack.call('DELETE', `/api/v1/classes/c1/students/${student}`, { token: operator })
  await stack.call('PUT', '/api/v1/classes/c1/students/ann', { token: operator })
  await stack.call('PUT', '/api/v1/classes/c2/students/ann', { token: callers['invited only'] ?? null })
  const [, pattern = ''] = route.split(' ')
  const own = await exerciseOf(route)
  const id = /requests|regrade|comments/.test(pattern) ? await submission() : ''
  // The stream of a request that has ended ends too.
  if (pattern.endsWith('/events')) await stack.call('DELETE', `/api/v1/requests/${id}`, { token: operator })
  const assigned = pattern.includes('assignments/:id')
    ? (
        await stack.call('POST', '/api/v1/assignments', {
          token: operator,
          body: await bodyOf('POST /api/v1/assignments'),
        })
      ).body
    : {}
  const path = pattern
    .replace('/comments/:id', pattern.startsWith('/api/v1/comments') ? `/comments/${await commentOfTom(id)}` : '')
    .replace('/assignments/:id', `/assignments/${assigned.assignment_id}`)
    .replace('/classes/:id', '/classes/c1')
    .replace('/students/:id', '/students/ann')
    .replace(':student_id', 'ann')
    .replace(':class_id', 'c1')
    .replace(':name', 'exercise')
    .replace('/exercises/:id', `/exercises/${own}`)
    .replace(
      '/conversations/:id',
      `/conversations/${pattern.includes('conversations') ? await conversationOfAnn() : ''}`,
    )
    .replace('/quizzes/:id', `/quizzes/${pattern.includes('quizzes/:id') ? await quizOfAnn() : ''}`)
    .replace(':id', id)
  const body = await bodyOf(route)
  return { path, ...(body === undefined ? {} : { body }) }
}

async function commentOfTom(id: string): Promise<string> {
  const path = `/api/v1/submissions/${id}/comments`
  const { body } = await stack.call('POST', path, { token: callers['teacher'] ?? null, body: { text: 'well done' } })
  return body.comment_id
}

async function conversationOfAnn(): Promise<string> {
  const made = await stack.call('POST', '/api/v1/conversations', { token: tokenFor('ann'), body: {} })
  return made.body.conversation_id
}

async function quizOfAnn(): Promise<string> {
  const made = await stack.call('POST', '/api/v1/quizzes', { token: tokenFor('ann'), body: oneQuestion })
  return made.body.quiz_id
}

/** An exercise of tom's own for the routes that only its owner may use. */
async function exerciseOf(route: string): Promise<string> {
  if (route === 'GET /api/v1/exercises/:id' || route.endsWith('/hints')) return 'square'
  const exercise = JSON.stringify({ ...stack.bank.get('square'), id: 'of-tom' })
  await stack.ports.history.db
    .insertInto('exercise')
    .values({ exercise_id: 'of-tom', version: 1, owner: 'tom', source: '{}', exercise })
    .onConflict(conflict => conflict.columns(['exercise_id', 'version']).doUpdateSet({ retired_at: null }))
    .execute()
  return 'of-tom'
}

async function bodyOf(route: string): Promise<unknown> {
  switch (route) {
    case 'POST /api/v1/submissions':
      return stack.right
    case 'POST /api/v1/exercises':
      return { text: 'id: faulty', programs: {} }
    case 'POST /api/v1/exercises/wishes':
      return { text: 'pointers' }
    case 'POST /api/v1/triage':
    case 'POST /api/v1/agents/:name/process':
      return { text: 'what is a list?' }
    case 'POST /api/v1/sandbox/execute/python':
      return { code: 'print(1)' }
    case 'POST /api/v1/submissions/:id/comments':
      return { text: 'well done' }
    case 'POST /api/v1/assignments':
      return { class_id: 'c1', exercise_id: stack.right.exercise_id }
    case 'POST /api/v1/exercises/:id/hints':
      return { code: 'def square(n): return n' }
    case 'POST /api/v1/quizzes':
      return oneQuestion
    case 'POST /api/v1/quizzes/:id/answers':
      return { question: 1, answer: 'a' }
    case 'POST /api/v1/notifications/seen':
      return { ids: [crypto.randomUUID()] }
    case 'POST /api/v1/classes/:id/students':
      return { students: ['gil'] }
    case 'POST /api/v1/classes/:id/invitations':
      return {}
    case 'POST /api/v1/memberships': {
      const made = await stack.call('POST', '/api/v1/classes/c1/invitations', { token: operator, body: {} })
      return { code: made.body.code }
    }
    default:
      return undefined
  }
}

test('every route of the API has a row, and every row a route', async () => {
  const { paths } = (await stack.call('GET', '/openapi.json')).body as { paths: Record<string, object> }
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  // These two are not part of the description.
  const routes = [...described, 'GET /metrics', 'GET /openapi.json']
  expect(rows.map(({ route }) => route).toSorted()).toEqual(routes.toSorted())
})

test.each(rows)('$route is open to whom the table says', async ({ route, cells }) => {
  expect(Object.keys(cells)).toEqual(Object.keys(callers))
  for (const [caller, cell] of Object.entries(cells)) {
    const { path, body } = await sample(route)
    const { status, body: answer } = await stack.call(route.split(' ')[0] ?? '', path, {
      token: callers[caller] ?? null,
      headers: { 'idempotency-key': crypto.randomUUID() },
      ...(body === undefined ? {} : { body }),
    })
    const told = `${route} by ${caller}: ${status} ${JSON.stringify(answer).slice(0, 200)}`
    if (/^\d/.test(cell)) expect(status, told).toBe(Number(cell))
    // A faulty exercise is the answer to somebody who was let in.
    else expect([200, 201, 202, 204, 422], told).toContain(status)
    expect(cell).toMatch(/^(?:yes|own|class|401|403|404)$/)
  }
})
