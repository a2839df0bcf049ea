import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VerifyResult } from '../../verify/run.ts'

const root = join(import.meta.dirname, '..', '..')
let place: string
let empty: string
let env: Record<string, string>
const learnflow = async (...args: string[]) =>
  execa(join(place, 'prefix', 'bin', 'learnflow'), args, { cwd: empty, env, extendEnv: false, reject: false })

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'learnflow-pack-'))
  empty = join(place, 'empty')
  await Promise.all(['empty', 'home'].map(async name => mkdir(join(place, name))))
  env = {
    HOME: join(place, 'home'),
    PATH: process.env['PATH'] ?? '',
    LEARNFLOW_SANDBOX_PROCESSES: '1',
    LEARNFLOW_LOG_LEVEL: 'warn',
  }
  await execa('npm', ['pack', '--silent', '--pack-destination', place], { cwd: root })
  const tarball = (await readdir(place)).find(name => name.endsWith('.tgz')) ?? ''
  await execa('npm', [
    'install',
    '--global',
    '--prefix',
    join(place, 'prefix'),
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    join(place, tarball),
  ])
})
afterAll(async () => {
  await learnflow('down')
  await rm(place, { recursive: true, force: true, maxRetries: 3 })
})

test('the installed package starts in an empty folder, grades, verifies, and leaves nothing there', async () => {
  expect((await learnflow('up', '--port', '0')).stdout).toMatch(/^up at http:/)
  const program = join(place, 'square.py')
  await writeFile(program, 'def square(n):\n    return n * n\n')
  expect((await learnflow('submit', program, '--exercise', 'square')).stdout).toMatch(/^passed, score 1/)
  const verified = JSON.parse((await learnflow('verify', '--json')).stdout) as VerifyResult
  expect(verified).toMatchObject({ skipped: 0, failures: [] })
  expect(verified.passed + verified.late).toBeGreaterThan(0)
  expect(await readdir(empty)).toEqual([])
})

test('it serves MCP, whose answers come from the same platform', async () => {
  const client = new Client({ name: 'pack-test', version: '1' })
  await client.connect(
    new StdioClientTransport({
      command: join(place, 'prefix', 'bin', 'learnflow'),
      args: ['mcp'],
      cwd: empty,
      env,
      stderr: 'ignore',
    }),
  )
  try {
    const { content } = await client.callTool({ name: 'read', arguments: { op: 'platform-up/status' } })
    expect(JSON.stringify(content)).toContain('ready, embedded')
  } finally {
    await client.close()
  }
  expect((await learnflow('down')).exitCode).toBe(0)
})
