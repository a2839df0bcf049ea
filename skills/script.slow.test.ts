import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { codes, PlatformError } from '../platform/errors.ts'
import { readConfig } from '../platform/config.ts'
import { execute, parseInput, type Script } from './definition.ts'
import { failureOf } from './output.ts'
import { defineScript } from './script.ts'

const root = join(import.meta.dirname, '..')
let folder: string
let file: string

/** A script with every kind of field, which returns its input or fails as its input demands. */
const source = `
import * as z from '${root}/node_modules/zod/index.js'
import { PlatformError } from '${root}/platform/errors.ts'
import { defineScript, runAsMain } from '${root}/skills/script.ts'
const echo = defineScript({
  about: 'Tells what it was given.',
  effect: 'deletes',
  input: z.object({
    name: z.string().describe('what to delete').meta({ positional: true }),
    how_many: z.number().int().max(5).default(3).describe('how many'),
    force: z.boolean().default(false),
    keep: z.boolean().default(true),
    tags: z.array(z.string()).default([]),
    ports: z.array(z.number()).default([]),
    extra: z.record(z.string(), z.unknown()).optional(),
    fail: z.string().optional(),
    wait: z.boolean().default(false),
  }),
  output: z.object({ given: z.unknown() }),
  confirm: input => input.name,
  async run(input, { dryRun, progress, signal }) {
    progress('a line for a person')
    if (input.fail === 'bug') throw new Error('not foreseen')
    if (input.fail !== undefined) throw new PlatformError(input.fail, 'it failed', { hint: 'mend it' })
    if (input.wait) {
      process.stdout.write('waiting')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)) ?? setTimeout(() => {}, 60_000))
    }
    return { changed: dryRun ? 1 : input.how_many, summary: 'deleted ' + input.name, data: { given: input }, plan: ['delete ' + input.name] }
  },
})
export default echo
if (import.meta.main) await runAsMain(import.meta, echo)
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-script-'))
  file = join(folder, 'things', 'scripts', 'echo.ts')
  await mkdir(join(folder, 'things', 'scripts'), { recursive: true })
  await writeFile(file, source)
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

const run = async (...args: string[]) =>
  execa(process.execPath, [file, ...args], { cwd: '/', reject: false, env: { LEARNFLOW_DATA_DIR: folder } })

test('flags, lists, numbers, switches and objects reach the script as its schema wants them', async () => {
  const args = [
    'thing',
    '--how-many',
    '4',
    '--force',
    '--no-keep',
    '--tags',
    'a',
    'b',
    '--ports',
    '1',
    '2',
    '--extra',
    '{"deep":[1]}',
  ]
  const { stdout, stderr, exitCode } = await run(...args, '--confirm', 'thing', '--json')
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    given: {
      name: 'thing',
      how_many: 4,
      force: true,
      keep: false,
      tags: ['a', 'b'],
      ports: [1, 2],
      extra: { deep: [1] },
      wait: false,
    },
  })
  expect(exitCode).toBe(0)
})

test('success is exactly one line on stdout, and nothing on a stderr that is no terminal', async () => {
  expect(await run('thing', '--confirm', 'thing')).toMatchObject({ stdout: 'deleted thing', stderr: '', exitCode: 0 })
  expect((await run('thing', '--confirm', 'thing', '--how-many', '0')).stdout).toBe('unchanged: deleted thing')
})

test('a deletion not confirmed by name is refused, and its dry run shows the plan without confirmation', async () => {
  const [bare, wrong, dry] = await Promise.all([
    run('thing'),
    run('thing', '--confirm', 'other'),
    run('thing', '--dry-run'),
  ])
  for (const refused of [bare, wrong])
    expect(refused).toMatchObject({ stdout: '', exitCode: 3, stderr: expect.stringContaining('--confirm thing') })
  expect(dry).toMatchObject({ stdout: 'delete thing\ndry run, would change 1: deleted thing', exitCode: 0 })
})

test('wrong usage and wrong input end with 3 and say where the help is', async () => {
  const cases = [
    ['thing', '--how-many', 'many'],
    ['thing', '--how-many', '9'],
    ['thing', '--nonsense'],
    [],
    ['one', 'two'],
    ['thing', '--extra', 'no json'],
  ]
  for (const result of await Promise.all(cases.map(async args => run(...args, '--confirm', 'thing')))) {
    expect(result).toMatchObject({ stdout: '', exitCode: 3 })
    expect(result.stderr).toMatch(/^INVALID_INPUT: .+\nlearnflow things echo --help$/)
  }
})

test('a failure is code, message and hint on stderr, or data on stdout, with the exit code of its code', async () => {
  const failing = ['NOT_RUNNING', 'DEPENDENCY_DOWN', 'CHECK_FAILED'] as const
  const results = await Promise.all(failing.map(async code => run('thing', '--confirm', 'thing', '--fail', code)))
  for (const [at, code] of failing.entries())
    expect(results[at]).toMatchObject({ stdout: '', stderr: `${code}: it failed\nmend it`, exitCode: codes[code].exit })
  const [json, bug] = await Promise.all([
    run('thing', '--confirm', 'thing', '--fail', 'NOT_FOUND', '--json'),
    run('thing', '--confirm', 'thing', '--fail', 'bug'),
  ])
  expect(JSON.parse(json.stdout)).toEqual({ ok: false, code: 'NOT_FOUND', message: 'it failed', hint: 'mend it' })
  expect(json).toMatchObject({ stderr: '', exitCode: 3 })
  expect(bug).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^INTERNAL: not foreseen\n.*echo\.ts:\d+/) })
})

test('help is short and names every field', async () => {
  const { stdout, exitCode } = await run('--help')
  expect(exitCode).toBe(0)
  for (const word of [
    'Tells what it was given.',
    '<name>',
    '--how-many',
    'default 3',
    '--no-keep',
    '--tags',
    '--dry-run',
    '--confirm',
  ])
    expect(stdout).toContain(word)
  expect(stdout.length).toBeLessThan(900)
})

test('Ctrl-C reaches the script as its signal and ends the command with 130', async () => {
  const child = execa(process.execPath, [file, 'thing', '--confirm', 'thing', '--wait'], {
    reject: false,
    env: { LEARNFLOW_DATA_DIR: folder },
  })
  await new Promise(resolve => child.stdout.once('data', resolve))
  child.kill('SIGINT')
  expect(await child).toMatchObject({ exitCode: 130, stderr: 'stopped by Ctrl-C' })
})

const liar = defineScript({
  about: 'Gives other data than it promises.',
  effect: 'reads',
  input: z.object({ n: z.number().default(1) }),
  output: z.object({ n: z.number() }),
  run: async () => ({ summary: 'done', data: { n: Number.NaN } }),
}) as Script

test('data against the output schema is a fault of ours, not an answer', async () => {
  const context = { config: readConfig(), dryRun: false, progress: () => {}, signal: new AbortController().signal }
  await expect(execute('a/b', liar, { n: 1 }, context as never)).rejects.toThrow('a/b gave data against its schema')
})

test('unknown input is refused by name, and defaults are filled in', () => {
  expect(() => parseInput('a/b', liar, { n: 1, m: 2 })).toThrow(/"m"/)
  expect(parseInput('a/b', liar, {})).toEqual({ n: 1 })
})

test('what a failure tells is bounded', () => {
  const { message, hint } = failureOf(new PlatformError('INTERNAL', 'x'.repeat(5_000), { hint: 'y'.repeat(5_000) }))
  expect(message.length + hint.length).toBeLessThan(700)
})

test('a script that deletes has to say what must be confirmed', () => {
  expect(() =>
    defineScript({
      about: 'x',
      effect: 'deletes',
      input: z.object({}),
      output: z.object({}),
      run: async () => ({ summary: '', data: {} }),
    }),
  ).toThrow('confirmed')
})
