import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { masteryKey } from '../schemas/state-keys.ts'
import { PlatformError } from '../platform/errors.ts'
import { exceptions, studentTables } from '../platform/history/student-tables.ts'
import { startStack, tokenFor } from './test-stack.ts'

const stack = await startStack()
afterAll(async () => stack[Symbol.asyncDispose]())
const { db } = stack.ports.history
const { module } = stack.bank.get(stack.right.exercise_id)
const operator = tokenFor('oda', 'operator')

/** The tables that contain the text in any column. */
async function tablesWith(text: string): Promise<string[]> {
  const names = (await db.introspection.getTables()).map(({ name }) => name).filter(name => !name.startsWith('kysely'))
  const found = await Promise.all(
    names.map(async name => {
      const { rows } = await sql`select 1 from ${sql.table(name)} t where position(${text} in t::text) > 0`.execute(db)
      return rows.length > 0 ? [name] : []
    }),
  )
  return found.flat()
}

test('a student reaches nothing of another, a teacher the students of the class', async () => {
  await stack.submit(tokenFor('ann'), undefined, { prefer: 'wait=20' })
  const paths = ['/api/v1/agents/progress/mastery/ann', '/api/v1/students/ann/history', '/api/v1/students/ann']
  for (const path of paths) {
    expect(await stack.call('GET', path, { token: tokenFor('bob') })).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    })
    expect(await stack.call('GET', path, { token: tokenFor('tom', 'teacher', { classes: ['py1'] }) })).toMatchObject({
      status: 403,
    })
    expect((await stack.call('GET', path, { token: tokenFor('ann') })).status).toBe(200)
    expect((await stack.call('GET', path, { token: operator })).status).toBe(200)
  }
  expect(await stack.call('DELETE', '/api/v1/students/ann', { token: tokenFor('bob') })).toMatchObject({ status: 403 })
  expect(await stack.call('PUT', '/api/v1/classes/py1/students/ann', { token: operator })).toMatchObject({
    status: 201,
    body: { status: 'joined' },
  })
  for (const path of paths)
    expect((await stack.call('GET', path, { token: tokenFor('tom', 'teacher', { classes: ['py1'] }) })).status).toBe(
      200,
    )
  expect(
    await stack.call('DELETE', '/api/v1/students/ann', { token: tokenFor('tom', 'teacher', { classes: ['py1'] }) }),
  ).toMatchObject({ status: 403 })
})

test('mastery comes from the state, and from the history when the state lacks it or is down', async () => {
  const token = tokenFor('cat')
  await stack.submit(token, undefined, { prefer: 'wait=20' })
  const read = async () => (await stack.call('GET', '/api/v1/agents/progress/mastery/cat', { token })).body.modules
  await expect.poll(read).toMatchObject([{ module, source: 'state', level: expect.any(String) }])
  const [fast] = await read()
  await stack.ports.state.delete(masteryKey('cat', module))
  expect(await read()).toEqual([{ ...fast, source: 'history' }])
  await db.deleteFrom('mastery').where('student_id', '=', 'cat').execute()
  expect(await read()).toMatchObject([{ module, mastery: fast.mastery, source: 'history' }])
  const { get } = stack.ports.state
  stack.ports.state.get = async () =>
    Promise.reject(new PlatformError('DEPENDENCY_DOWN', 'the store is down', { hint: 'wait' }))
  expect(await read()).toMatchObject([{ module, mastery: fast.mastery, source: 'history' }])
  stack.ports.state.get = get
})

test('the export holds everything but what hidden tests hold', async () => {
  const token = tokenFor('dan')
  const { body } = await stack.submit(token, undefined, { prefer: 'wait=20' })
  await expect
    .poll(async () => (await stack.call('GET', '/api/v1/students/dan', { token })).body.state)
    .toHaveProperty([masteryKey('dan', module)])
  const { tables } = (await stack.call('GET', '/api/v1/students/dan', { token })).body
  for (const table of ['request', 'request_event', 'submission', 'grade', 'mastery', 'idempotency_key', 'inbox'])
    expect(tables[table].length, table).toBeGreaterThan(0)
  expect(tables.submission).toMatchObject([{ submission_id: body.request_id, code: stack.right.code }])
  expect(
    tables.grade[0].tests.filter((one: { hidden: boolean; call: string }) => one.hidden && one.call !== ''),
  ).toEqual([])
})

test('erasing leaves nothing of a student but a hash, and again finds nothing', async () => {
  const token = tokenFor('eve-the-erased')
  await stack.call('PUT', '/api/v1/classes/py1/students/eve-the-erased', { token: operator })
  await stack.submit(token, undefined, { prefer: 'wait=20' })
  await expect
    .poll(async () => (await db.selectFrom('outbox').selectAll().where('key', '=', 'eve-the-erased').execute()).length)
    .toBe(0)
  await expect
    .poll(async () => (await stack.ports.state.get(masteryKey('eve-the-erased', module))) !== undefined)
    .toBe(true)
  const erased = await stack.call('DELETE', '/api/v1/students/eve-the-erased', { token })
  expect(erased).toMatchObject({
    status: 200,
    body: {
      rows: { request: 1, submission: 1, grade: 1, idempotency_key: 1, class_member: 1 },
      state_keys: 1,
      backups: [],
    },
  })
  expect(await tablesWith('eve-the-erased')).toEqual([])
  expect((await stack.call('DELETE', '/api/v1/students/eve-the-erased', { token: operator })).body).toMatchObject({
    rows: { request: 0, submission: 0, grade: 0 },
    state_keys: 0,
  })
  expect(await db.selectFrom('audit').select('subject').where('action', '=', 'student.erase').execute()).toEqual([
    { subject: expect.stringMatching(/^erased:[0-9a-f]{32}$/) },
    { subject: expect.stringMatching(/^erased:/) },
  ])
})

test('a table that a later version adds is exported and erased without being named anywhere', async () => {
  await sql`create table portfolio (portfolio_id integer primary key, student_id text not null)`.execute(db)
  await sql`create table page (portfolio_id integer not null references portfolio, text text not null)`.execute(db)
  await sql`insert into portfolio values (1, 'fay'), (2, 'gil')`.execute(db)
  await sql`insert into page values (1, 'by fay'), (2, 'by gil')`.execute(db)
  const token = tokenFor('fay')
  const { tables } = (await stack.call('GET', '/api/v1/students/fay', { token })).body
  expect(tables).toMatchObject({ portfolio: [{ portfolio_id: 1 }], page: [{ text: 'by fay' }] })
  expect(await stack.call('DELETE', '/api/v1/students/fay', { token })).toMatchObject({
    status: 200,
    body: { rows: { portfolio: 1, page: 1 } },
  })
  expect(await tablesWith('by gil')).toEqual(['page'])
  expect(await tablesWith('fay')).toEqual([])
  // The test finds a student column with an unknown name by its contents.
  await sql`create table diary (learner text not null)`.execute(db)
  await sql`insert into diary values ('fay')`.execute(db)
  await stack.call('DELETE', '/api/v1/students/fay', { token })
  expect(await tablesWith('fay')).toEqual(['diary'])
  await sql`drop table diary, page, portfolio`.execute(db)
})

test('every exception to what is erased is a column that exists, and no student is taken for the relay', async () => {
  const columns = new Set(
    (await db.introspection.getTables()).flatMap(table => table.columns.map(one => `${table.name}.${one.name}`)),
  )
  expect(Object.keys(exceptions).filter(name => !columns.has(name))).toEqual([])
  const [first, ...others] = await studentTables(db)
  expect(first?.name).toBe('lane')
  const names = others.map(({ name }) => name)
  expect(names.toSorted()).toEqual([
    'class_member',
    'comment',
    'comment_class',
    'conversation',
    'grade',
    'hint',
    'idempotency_key',
    'inbox',
    'log_record',
    'mastery',
    'model_call',
    'notification_seen',
    'outbox',
    'quiz',
    'quiz_question',
    'request',
    'request_event',
    'staff',
    'struggle',
    'submission',
    'submission_class',
    'turn',
  ])
  for (const [child, parent] of [
    ['grade', 'submission'],
    ['comment_class', 'comment'],
    ['comment', 'submission'],
    ['submission', 'request'],
    ['request_event', 'request'],
    ['turn', 'request'],
    ['turn', 'conversation'],
    ['quiz_question', 'quiz'],
  ] as const)
    expect(names.indexOf(child)).toBeLessThan(names.indexOf(parent))
  await stack.call('DELETE', '/api/v1/students/outbox', { token: operator })
  expect(await db.selectFrom('lane').select('lane').where('consumer', '=', 'relay').execute()).toEqual([
    { lane: 'outbox' },
  ])
})
