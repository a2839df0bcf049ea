import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { connect, type Connection, scratch } from './fixture/client.ts'
import { writeJob } from './job-file.ts'

const place = scratch()
const open: Connection[] = []

async function server(...args: string[]): Promise<Connection> {
  const connection = await connect(place, { args: ['--answer-ms', '300', ...args] })
  open.push(connection)
  return connection
}

const jobOf = async (connection: Connection, name: string, args: Record<string, unknown>): Promise<string> => {
  const { structured } = await connection.call(name, args)
  return String(structured['job'])
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(async connection => connection[Symbol.asyncDispose]()))
})
afterAll(() => place.remove())

test('a long call answers with a handle, which another server can wait for after the first was killed', async () => {
  const first = await server()
  const id = await jobOf(first, 'read', { op: 'demo/slow', args: { steps: 15, ms: 100 } })
  const program = await jobOf(first, 'code', {
    js: 'const { steps } = await lf.read("demo/slow", { steps: 12, ms: 100 }); return steps * 2',
  })
  expect(id).toMatch(/^[a-z0-9]{6}$/)
  process.kill(first.pid ?? 0, 'SIGKILL')
  const second = await server()
  expect((await second.call('job', { action: 'list' })).text).toContain(`${id} demo/slow`)
  expect(await second.call('job', { action: 'wait', id, seconds: 45 })).toMatchObject({
    failed: false,
    text: 'slept 15 times',
  })
  expect((await second.call('job', { action: 'wait', id: program, seconds: 45, page: 1 })).structured).toMatchObject({
    untrusted_data: ['24'],
  })
  // The result is kept, so a second question gets the same answer.
  expect((await second.call('job', { action: 'status', id, page: 1 })).structured).toMatchObject({
    untrusted_data: ['steps: 15'],
  })
})

test('a wait that is over before the job says how it stands', async () => {
  const connection = await server()
  const id = await jobOf(connection, 'read', { op: 'demo/slow', args: { steps: 600, ms: 100 } })
  const waited = await connection.call('job', { action: 'wait', id, seconds: 0.5 })
  expect(waited).toMatchObject({ failed: false, structured: { job: id } })
  await expect.poll(async () => (await connection.call('job', { action: 'status', id })).text).toMatch(/step \d+/)
  expect(await connection.call('job', { action: 'cancel', id })).toMatchObject({
    failed: false,
    text: 'cancelled demo/slow',
  })
  expect((await connection.call('job', { action: 'cancel', id })).text).toBe('unchanged: demo/slow was cancelled')
  expect(await connection.call('job', { action: 'wait', id })).toMatchObject({
    failed: true,
    structured: { code: 'CONFLICT' },
  })
})

test('what heeds no signal is killed, and what died without a word is said to be lost', async () => {
  const connection = await server()
  const stubborn = await jobOf(connection, 'change', { op: 'demo/stubborn' })
  expect(await connection.call('job', { action: 'cancel', id: stubborn })).toMatchObject({
    text: 'cancelled demo/stubborn',
  })
  const died = await connection.call('change', { op: 'demo/stubborn', args: { die: true } })
  const told = died.failed ? died : await connection.call('job', { action: 'wait', id: died.structured['job'] })
  expect(told).toMatchObject({
    failed: true,
    structured: { code: 'INTERNAL', summary: expect.stringContaining('without a result') },
  })
})

test('a call that its client cancels cancels its work', async () => {
  const connection = await connect(place)
  open.push(connection)
  const cancelled = async () =>
    (await connection.call('job', { action: 'list' })).text
      .split('\n')
      .filter(line => line.includes('demo/slow cancelled')).length
  const before = await cancelled()
  const stop = new AbortController()
  const called = connection.call(
    'read',
    { op: 'demo/slow', args: { steps: 900, ms: 100 } },
    { signal: stop.signal, onprogress: () => stop.abort('enough') },
  )
  await expect(called).rejects.toThrow()
  await expect.poll(cancelled).toBe(before + 1)
})

test('a client that asks for progress is told what the work says', async () => {
  const connection = await connect(place)
  open.push(connection)
  const said: string[] = []
  await connection.call(
    'read',
    { op: 'demo/slow', args: { steps: 3, ms: 100 } },
    { onprogress: line => said.push(line) },
  )
  expect(said.filter(line => line !== 'still at work')).toEqual(['step 1', 'step 2', 'step 3'])
})

test('results that were delivered are not kept, and no more than fifty others', async () => {
  const connection = await server('--answer-ms', '20000')
  const before = (await connection.call('job', { action: 'list' })).text.split('\n').length
  await connection.call('read', { op: 'demo/slow', args: { steps: 1, ms: 1 } })
  await connection.call('code', { js: 'return 1' })
  await connection.call('code', { js: 'throw new Error("no")' })
  expect((await connection.call('job', { action: 'list' })).text.split('\n').length).toBe(before)
  const mcp = join(place.env.XDG_STATE_HOME, 'learnflow', 'mcp')
  const folder = join(mcp, readdirSync(mcp)[0] ?? '')
  const add = async (id: string, started_at: string): Promise<void> =>
    writeJob(folder, { id, op: 'demo/slow', effect: 'reads', status: 'done', started_at })
  for (let at = 10; at < 80; at++) await add(`new${at}`, new Date().toISOString())
  await add('old1', '2026-01-01T00:00:00.000Z')
  await connection.call('read', { op: 'demo/slow', args: { steps: 1, ms: 1 } })
  const kept = readdirSync(folder).filter(name => name.endsWith('.json'))
  expect(kept).toHaveLength(50)
  expect(kept).not.toContain('old1.json')
})

test('a job of any other name is not found, and no file is looked for elsewhere', async () => {
  const connection = await server()
  for (const id of ['', '../../etc/passwd', 'a', 'nosuch', 'x'.repeat(100), '.json', '%2e%2e'])
    for (const action of ['status', 'wait', 'cancel'])
      expect(await connection.call('job', { action, id }), id).toMatchObject({
        failed: true,
        structured: { code: 'NOT_FOUND' },
      })
})
