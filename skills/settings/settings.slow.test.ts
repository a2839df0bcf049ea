import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, scratch } from '../../mcp-server/fixture/client.ts'

const place = scratch()
const file = join(place.folder, 'learnflow.yaml')
const entry = join(import.meta.dirname, '..', '..', 'bin', 'learnflow.ts')
const learnflow = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [entry, ...args], {
    cwd: place.folder,
    env: place.env,
    extendEnv: false,
    reject: false,
  })
  return { said: stdout + stderr, exit: exitCode }
}
const open = async () => connect(place, { command: entry, args: ['mcp'] })

beforeAll(() => writeFileSync(file, '# ours\nhttp_port: 0\nsandbox_processes: 1\n'))
afterAll(() => place.remove())

test('a server starts on a broken file, says so at the first call, and goes on once it is mended', async () => {
  writeFileSync(file, 'http_port: 0\nlog_level: [\n')
  await using connection = await open()
  const said = await connection.call('read', { op: 'platform-up/status' })
  expect(said).toMatchObject({
    failed: true,
    structured: { code: 'INVALID_INPUT', summary: expect.stringMatching(/learnflow\.yaml:[23]: /) },
  })
  expect((await connection.call('read', { op: 'settings/check' })).structured).toMatchObject({ code: 'INVALID_INPUT' })
  writeFileSync(file, '# ours\nhttp_port: 0\nsandbox_processes: two\n')
  const doctor = await connection.call('read', { op: 'platform-up/doctor' })
  expect(doctor.text).toMatch(/learnflow\.yaml:3: LEARNFLOW_SANDBOX_PROCESSES is wrong/)
  expect(doctor.structured['hint']).toMatch(/^Mend line 3 there, or change settings\/set \{"name":"NAME"/)
  const shown = await connection.call('read', { op: 'settings/show', args: { name: 'sandbox_processes' } })
  expect(shown.text).toMatch(/sandbox_processes: two is wrong \(.*learnflow\.yaml:3\)/)
  const args = { name: 'sandbox_processes', value: '1' }
  expect((await connection.call('change', { op: 'settings/set', args, dry_run: true })).text).toContain('from two to 1')
  expect(readFileSync(file, 'utf8')).toContain('two')
  expect(await connection.call('change', { op: 'settings/set', args })).toMatchObject({ failed: false })
  expect(readFileSync(file, 'utf8')).toBe('# ours\nhttp_port: 0\nsandbox_processes: 1\n')
  expect((await connection.call('read', { op: 'settings/check' })).text).toMatch(/^settings are right: 2 in /)
})

test('the same by commands: a wrong value is refused, an unknown name is told the nearest, unset undoes', async () => {
  writeFileSync(file, '# ours\nhttp_port: 0\nsandbox_processes: 1\n')
  expect(await learnflow('settings', 'set', 'sandbox_processes', 'two')).toMatchObject({ exit: 3 })
  expect((await learnflow('settings', 'set', 'http_prot', '1')).said).toContain('http_port')
  expect((await learnflow('settings', 'set', 'lease_seconds', '7')).said).toContain('not set, now 7')
  expect((await learnflow('settings', 'show', 'lease_seconds')).said).toMatch(
    /lease_seconds: 7 \(.*learnflow\.yaml:4\)/,
  )
  expect((await learnflow('settings', 'set', 'lease_seconds', '--unset')).said).toContain('7, now not set')
  expect((await learnflow('settings', 'show', 'lease_seconds')).said).toContain('lease_seconds: 10 (default)')
  writeFileSync(file, 'http_port: 0\nsandbox_processes: two\n')
  expect((await learnflow('doctor')).said).toMatch(/INVALID_INPUT: .*:2: LEARNFLOW_SANDBOX_PROCESSES is wrong.*\nMend/)
  expect((await learnflow('up', '--data', place.data)).said).toMatch(/:2: LEARNFLOW_SANDBOX_PROCESSES is wrong.*\nMend/)
})

test('what was changed after the start is told by status, and taken by the next start', async () => {
  writeFileSync(file, 'http_port: 0\nsandbox_processes: 1\n')
  const data = ['--data', place.data]
  expect(await learnflow('up', ...data)).toMatchObject({ exit: 0 })
  try {
    // Without an interpreter, which starts after the rest, it tells only that.
    await expect.poll(async () => (await learnflow('status', ...data)).exit, { timeout: 60_000 }).toBe(0)
    expect((await learnflow('status', ...data)).said).not.toContain('changed since')
    await learnflow('settings', 'set', 'lease_seconds', '7')
    expect((await learnflow('status', ...data)).said).toContain(
      'lease_seconds changed since: learnflow down, learnflow up',
    )
    await learnflow('down', ...data)
    expect(await learnflow('up', ...data)).toMatchObject({ exit: 0 })
    expect((await learnflow('status', ...data)).said).not.toContain('changed since')
  } finally {
    await learnflow('down', ...data)
  }
})
