import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { secret, startStack, tokenFor } from '../../api/test-stack.ts'
import { readConfig } from '../../platform/config.ts'
import { dataPaths, writeRunning } from '../../platform/owner/data-folder.ts'
import { runScript } from '../registry.ts'

const stack = await startStack()
const folder = await mkdtemp(join(tmpdir(), 'learnflow-talk-'))
afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
await writeFile(dataPaths(folder).secret, secret)
await writeRunning(folder, { pid: process.pid, url: stack.url, target: 'embedded', version: '0.0.0', started_at: '' })
const config = readConfig({ LEARNFLOW_DATA_DIR: folder }, {}, '/')
const doubled = 'def square(n):\n    return n + n\n'
const file = join(folder, 'square.py')
await writeFile(file, doubled)

const ask = async (student: string, message: string, more = {}, dryRun = false) =>
  runScript('tutoring/ask', { message, student, ...more }, { config, dryRun })
const conversations = async (student: string): Promise<{ conversation_id: string; turns: number; about: string }[]> =>
  (await stack.call('GET', '/api/v1/conversations', { token: tokenFor(student) })).body.conversations

/** The command line with these lines on stdin. */
const chat = async (student: string, lines: readonly string[], ...args: string[]) =>
  execa(
    process.execPath,
    [join(import.meta.dirname, '../../bin/learnflow.ts'), 'chat', '--data', folder, '--student', student, ...args],
    { input: lines.map(line => `${line}\n`).join(''), reject: false, cwd: folder },
  )

test('ask goes on with the last conversation, --new begins another, and a dry run begins none', async () => {
  await ask('ann', 'How am I doing?', {}, true)
  expect(await conversations('ann')).toEqual([])
  expect((await ask('ann', 'How am I doing?')).summary).toMatch(/^progress: /)
  expect((await ask('ann', 'why?')).data, 'a follow-up').toMatchObject({ agent: 'progress' })
  expect(await conversations('ann')).toMatchObject([{ turns: 2, about: 'How am I doing?' }])
  expect((await ask('ann', 'Give me an easy exercise', { new: true })).summary).toMatch(/^exercise: Next: /)
  expect((await ask('ann', 'another one')).data).toMatchObject({ agent: 'exercise' })
  expect(await conversations('ann')).toMatchObject([{ turns: 2, about: 'Give me an easy exercise' }, { turns: 2 }])
  expect((await ask('ann', 'a hint for the exercise square', { code: file })).summary).toMatch(/^debug: hint 1 of 4: /)
})

test('a chat is held over a pipe, line by line, and goes on with the last conversation', async () => {
  const first = await chat('bob', [
    'How am I doing?',
    '',
    `/code ${file}`,
    'a hint for the exercise square',
    '```python',
    ...doubled.trimEnd().split('\n'),
    '```',
    '/hint square',
    '/quit',
    'never read',
  ])
  expect(first).toMatchObject({ exitCode: 0, stderr: '' })
  expect(first.stdout).toMatch(/^progress: [\s\S]+\ndebug: hint 1 of 4: [\s\S]+\ndebug: hint 2 of 4: /)
  expect(await conversations('bob')).toMatchObject([{ turns: 3 }])
  const second = await chat('bob', ['why?', '/new', 'How am I doing?'], '--json')
  const [why = '', doing = ''] = second.stdout.split('\n')
  expect(JSON.parse(why)).toMatchObject({ agent: 'debug' })
  expect(JSON.parse(doing)).toMatchObject({ agent: 'progress', result: { text: expect.any(String) } })
  expect(await conversations('bob')).toMatchObject([{ turns: 1 }, { turns: 4 }])
  await chat('bob', ['How am I doing?'], '--new')
  expect(await conversations('bob')).toHaveLength(3)
})

test('what goes wrong with a line is told, and the next line is read', async () => {
  const { stdout, stderr, exitCode } = await chat('cat', [
    '/shout',
    '/code no-such.py',
    '/code -',
    '/hint No Such',
    'x'.repeat(20_001),
    'How am I doing?',
    '/code square.py',
  ])
  expect(exitCode).toBe(3)
  for (const told of [
    '/shout is no command',
    'the program no-such.py cannot be read',
    'stdin is the chat',
    'No Such is not the id',
    'must have at most 20000 characters',
    'no message follows the program',
  ])
    expect(stderr).toContain(told)
  expect(stdout).toMatch(/^progress: /)
  expect((await chat('cat', ['```', 'x = 1'])).stderr).toContain('is not closed by ```')
  expect(await chat('cat', [])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  const none = await execa(process.execPath, ['bin/learnflow.ts', 'chat', '--data', join(folder, 'none')], {
    reject: false,
    input: '',
    cwd: join(import.meta.dirname, '../..'),
  })
  expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('learnflow up') })
})
