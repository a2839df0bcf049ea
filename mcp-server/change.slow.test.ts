import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openControlSocket, type ControlRequest } from '../platform/owner/control-socket.ts'
import { connect, type Connection, scratch } from './fixture/client.ts'

const place = scratch()
const things = join(place.data, 'things')
let connection: Connection

beforeAll(async () => {
  connection = await connect(place)
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  place.remove()
})

test('a dry run changes nothing and shows its plan, a change happens once and then says unchanged', async () => {
  expect(
    (await connection.call('change', { op: 'demo/touch', args: { name: 'a' }, dry_run: true })).structured,
  ).toEqual({
    summary: 'dry run, would change 1: made a',
    plan: ['make a'],
  })
  expect(existsSync(things)).toBe(false)
  expect((await connection.call('change', { op: 'demo/touch', args: { name: 'a' } })).text).toBe('made a')
  expect((await connection.call('change', { op: 'demo/touch', args: { name: 'a' } })).text).toBe('unchanged: made a')
})

test('what deletes needs the confirmation of exactly its plan, which holds once', async () => {
  mkdirSync(things, { recursive: true })
  for (const name of ['a', 'b']) writeFileSync(join(things, name), '')
  const erase = async (more: object) => connection.call('change', { op: 'demo/erase', ...more })
  expect(await erase({})).toMatchObject({
    failed: true,
    structured: { code: 'INVALID_INPUT', hint: expect.stringContaining('dry_run') },
  })
  expect(await erase({ confirm: 'things' })).toMatchObject({ failed: true, structured: { code: 'FORBIDDEN' } })
  const { confirm, plan } = (await erase({ dry_run: true })).structured
  expect(plan).toEqual(['erase a', 'erase b'])
  expect(await erase({ args: { begins: 'a' }, confirm })).toMatchObject({
    failed: true,
    structured: { code: 'FORBIDDEN' },
  })
  writeFileSync(join(things, 'c'), '')
  expect(await erase({ confirm })).toMatchObject({ failed: true, structured: { code: 'FORBIDDEN' } })
  expect(readdirSync(things)).toEqual(['a', 'b', 'c'])
  const fresh = (await erase({ dry_run: true })).structured['confirm']
  expect(await erase({ confirm: fresh })).toMatchObject({ failed: false, text: 'erased 3' })
  expect(readdirSync(things)).toEqual([])
  expect(await erase({ confirm: fresh })).toMatchObject({ failed: true })
  expect((await erase({ dry_run: true })).structured).toEqual({
    summary: 'dry run, would change 0: erased 0',
    plan: [],
  })
})

test('a confirmation where none is needed is refused, not ignored', async () => {
  expect(await connection.call('change', { op: 'demo/touch', args: { name: 'b' }, confirm: 'x' })).toMatchObject({
    failed: true,
    structured: { code: 'INVALID_INPUT' },
  })
  expect(await connection.call('change', { op: 'demo/erase', dry_run: true, confirm: 'x' })).toMatchObject({
    failed: true,
  })
})

test('the trace context of a call reaches the owner of the data folder, and nothing that is not one', async () => {
  mkdirSync(place.data, { recursive: true })
  const seen: ControlRequest[] = []
  await using _owner = await openControlSocket(place.data, async request => {
    seen.push(request)
    return { summary: 'topics', data: {}, changed: 0, plan: [] }
  })
  await using real = await connect(place, {
    command: join(import.meta.dirname, '..', 'bin', 'learnflow.ts'),
    args: ['mcp'],
  })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await real.call('read', { op: 'kafka-topics/list' }, { meta: { traceparent } })
  await real.call('read', { op: 'kafka-topics/list' }, { meta: { traceparent: 'x; drop' } })
  await real.call('code', { js: 'await lf.read("kafka-topics/list")' }, { meta: { traceparent } })
  expect(seen.map(request => request.traceparent)).toEqual([traceparent, undefined, traceparent])
})
