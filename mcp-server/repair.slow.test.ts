import { existsSync } from 'node:fs'
import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { dataPaths } from '../platform/owner/data-folder.ts'
import { runScript } from '../skills/registry.ts'
import { openProbe } from '../verify/check.ts'
import { root } from '../verify/test-platform.ts'
import { connect, type Connection, scratch } from './fixture/client.ts'

const place = scratch()
const config = readConfig({ LEARNFLOW_DATA_DIR: place.data }, {}, place.folder)
const control = join(dataPaths(place.data).database, 'global', 'pg_control')
let agent: Connection

/** Calls an operation as a coding agent does: a job is waited for. */
async function call(tool: 'read' | 'change', op: string, args: object = {}, more: object = {}) {
  let said = await agent.call(tool, { op, args, ...more })
  while (said.structured['job'] !== undefined && said.structured['pages'] === undefined)
    said = await agent.call('job', { action: 'wait', id: said.structured['job'], seconds: 45 })
  return said
}

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', place.env.XDG_STATE_HOME)
  Object.assign(place.env, { LEARNFLOW_SANDBOX_PROCESSES: '1' })
  agent = await connect(place, { command: join(root, 'bin', 'learnflow.ts'), args: ['mcp'] })
})
afterAll(async () => {
  await runScript('platform-up/down', {}, { config })
  await agent?.[Symbol.asyncDispose]()
  place.remove()
  vi.unstubAllEnvs()
})

test('a damaged database is named, and repaired by what is advised, with every grade of the backup', async () => {
  await call('change', 'platform-up/up', { port: 0 })
  const client = (await openProbe(place.data, config)).client({ student: 'ann' })
  const { request_id } = await client.submit('square', 'def square(n): return n * n', 'repair')
  expect(await client.ended(request_id)).toMatchObject({ status: 'done', grade: { verdict: 'passed' } })
  expect(await call('change', 'history/backup')).toMatchObject({ failed: false })
  await call('change', 'platform-up/down')
  await writeFile(control, Buffer.alloc(8_192, 7))

  for (const [tool, op] of [
    ['change', 'platform-up/up'],
    ['read', 'platform-up/doctor'],
    ['read', 'incident-triage/diagnose'],
  ] as const) {
    const said = await call(tool, op, op === 'platform-up/up' ? { port: 0 } : {})
    expect(said, JSON.stringify(said)).toMatchObject({ failed: true, structured: { code: 'DATA_FOLDER_UNUSABLE' } })
    expect(said.text).toMatch(/database in .* is damaged[^]*pg_control/)
    expect(String(said.structured['hint'])).toMatch(/history.backups.*restore.*adopt/)
    expect(said.tokens).toBeLessThanOrEqual(120)
  }
  const listed = await call('read', 'history/backups')
  const [, name = ''] = /newest (\S+)/.exec(listed.text) ?? []
  const to = join(place.folder, 'restored')
  expect(await call('change', 'history/restore', { name, to })).toMatchObject({ failed: false })
  expect(await call('change', 'history/adopt', { folder: to }, { dry_run: true })).toMatchObject({ failed: false })
  expect(existsSync(to)).toBe(true)
  const adopted = await call('change', 'history/adopt', { folder: to })
  expect(adopted, JSON.stringify(adopted)).toMatchObject({ failed: false })
  expect([existsSync(to), (await readdir(place.data)).some(file => file.startsWith('pg.aside-'))]).toEqual([
    false,
    true,
  ])
  expect(await call('read', 'platform-up/doctor')).toMatchObject({ failed: false })
  expect(await call('change', 'platform-up/up', { port: 0 })).toMatchObject({ failed: false })
  const again = (await openProbe(place.data, config)).client({ student: 'ann' })
  expect(await again.ended(request_id)).toMatchObject({ grade: { verdict: 'passed' } })
  // The damaged one is kept until told, and taken back by the undo.
  await call('change', 'platform-up/down')
  expect(await call('change', 'history/adopt', { undo: true })).toMatchObject({ failed: false })
  expect(await call('read', 'platform-up/doctor')).toMatchObject({ failed: true })
  expect(await call('change', 'history/adopt', { undo: true })).toMatchObject({ failed: false })
  expect(await call('read', 'platform-up/doctor')).toMatchObject({ failed: false })
  const aside = (await readdir(place.data)).find(file => file.startsWith('pg.aside-')) ?? ''
  const discard = ['change', 'history/discard', { folder: join(place.data, aside) }] as const
  const { confirm } = (await call(...discard, { dry_run: true })).structured
  expect(await call(...discard, { confirm })).toMatchObject({ failed: false })
})

test('what an interrupted restore left is filled again, or discarded', async () => {
  const { backups } = (await runScript('history/backups', {}, { config })).data as { backups: { name: string }[] }
  const name = backups[0]?.name ?? ''
  const half = join(place.folder, 'half')
  await cp(dataPaths(place.data).database, join(half, 'pg'), { recursive: true })
  expect(await call('change', 'history/restore', { name, to: half })).toMatchObject({
    failed: true,
    structured: { code: 'CONFLICT' },
  })
  // A folder that was started, and the data folder itself, are not moved.
  await writeFile(join(half, 'restored-from'), `${name}\n`)
  await writeFile(join(half, 'secret'), 'of its own')
  for (const folder of [half, place.data])
    expect(await call('change', 'history/adopt', { folder }, { dry_run: true })).toMatchObject({
      failed: true,
      structured: { code: 'INVALID_INPUT' },
    })
  for (const file of ['restored-from', 'secret']) await rm(join(half, file))
  await writeFile(join(half, 'restoring-from'), `${name}\n`)
  expect(await call('change', 'history/adopt', { folder: half })).toMatchObject({
    failed: true,
    structured: { code: 'INVALID_INPUT' },
  })
  expect(await call('change', 'history/discard', { folder: half }, { dry_run: true })).toMatchObject({
    structured: { confirm: expect.any(String) },
  })
  const again = await call('change', 'history/restore', { name, to: half })
  expect(again.text).toMatch(/^restored .* equal row by row/)
  expect((await call('change', 'history/restore', { name, to: half })).text).toMatch(/^unchanged/)
})

test('a purge says what becomes of the backups, keeps them unless told, and can take them later', async () => {
  const purge = async (args: object, more: object) => call('change', 'platform-up/purge', args, more)
  const dry = await purge({}, { dry_run: true })
  expect(dry.text).toMatch(/keep the backup \S+\.gz/)
  expect((await purge({}, { confirm: dry.structured['confirm'] })).text).toContain('1 backup kept in backups')
  expect(await readdir(place.data)).toEqual(['backups'])
  const last = await purge({ keep_backups: false }, { dry_run: true })
  expect(last.text).toMatch(/delete the backup \S+\.gz/)
  await purge({ keep_backups: false }, { confirm: last.structured['confirm'] })
  expect(existsSync(place.data)).toBe(false)
})
