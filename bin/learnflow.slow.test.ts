import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-bin-'))
})
afterAll(async () => {
  await learnflow('down')
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** The command line as a user runs it, from another folder, with folders of its own. */
const learnflow = async (...args: string[]) =>
  execa(process.execPath, [join(root, 'bin', 'learnflow.ts'), ...args], {
    cwd: folder,
    reject: false,
    input: '',
    env: {
      XDG_DATA_HOME: join(folder, 'share'),
      XDG_STATE_HOME: join(folder, 'state'),
      LEARNFLOW_SANDBOX_PROCESSES: '1',
      LEARNFLOW_LOG_LEVEL: 'warn',
    },
  })

test('help names every command and every skill', async () => {
  const { stdout, exitCode } = await learnflow('--help')
  expect(exitCode).toBe(0)
  for (const word of [
    'up',
    'down',
    'status',
    'logs',
    'verify',
    'bench',
    'doctor',
    'token',
    'ask',
    'chat',
    'submit',
    'exercises',
    'submissions',
    'worker',
    'tutor',
    'kafka-topics',
  ])
    expect(stdout).toContain(word)
})

/** Prints on stderr which modules are loaded. */
const tellLoads =
  'import{registerHooks}from"node:module";registerHooks({load(url,context,next){console.error(url);return next(url,context)}})'

test('help loads none of the heavy packages, which is what keeps it fast', async () => {
  const { stderr } = await execa(process.execPath, [
    '--import',
    `data:text/javascript,${tellLoads}`,
    join(root, 'bin', 'learnflow.ts'),
    '--help',
  ])
  expect(stderr).toContain('/commander/')
  expect(stderr).not.toMatch(/zod|kysely|pglite|pino|fastify|platform\/config/)
})

test('wrong usage ends with 3 and one line that says where the help is', async () => {
  const cases = [
    ['frobnicate'],
    ['submit'],
    ['verify', '--nonsense'],
    ['kafka-topics', 'frobnicate'],
    ['kafka-topics', 'lag'],
    ['worker', 'nobody'],
    ['token', '--student', 'x'.repeat(256)],
  ]
  for (const args of cases)
    expect(await learnflow(...args), args.join(' ')).toMatchObject({
      stdout: '',
      exitCode: 3,
      stderr: expect.stringMatching(/^[A-Z_]+: .+\n.+$/),
    })
})

test('without a platform every command that needs one ends with 2 and says how to start it', async () => {
  await writeFile(join(folder, 'square.py'), 'def square(n): return n * n')
  const cases = [
    ['status'],
    ['verify'],
    ['exercises'],
    ['chat'],
    ['submit', 'square.py', '--exercise', 'square'],
    ['kafka-topics', 'list'],
    ['worker', 'exercise'],
    ['platform-verify', 'all'],
  ]
  for (const args of cases)
    expect(await learnflow(...args), args.join(' ')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('learnflow up'),
    })
  expect(JSON.parse((await learnflow('status', '--json')).stdout)).toMatchObject({ ok: false, code: 'NOT_RUNNING' })
  expect(await learnflow('down')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('unchanged') })
})

test('a port that is taken and a folder that cannot be written have codes of their own', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const taken = await learnflow('up', '--port', String(port), '--data', join(folder, 'taken'))
  expect(taken).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(new RegExp(`^PORT_IN_USE: .*${port}`)) })
  server.close()
  await writeFile(join(folder, 'file'), '')
  await symlink(join(folder, 'circle'), join(folder, 'circle'))
  for (const name of ['file', 'circle', 'x'.repeat(300)])
    expect(await learnflow('up', '--data', join(folder, name))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^DATA_FOLDER_UNUSABLE: /),
    })
})

test('help of a command that is not there says that it is not there', async () => {
  for (const args of [['help', 'submitt'], ['submitt']])
    expect(await learnflow(...args)).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringMatching(/^INVALID_INPUT: unknown command 'submitt' .*submit/),
    })
  for (const args of [
    ['help', 'submit'],
    ['help', 'tutor', 'grade'],
    ['help', 'access', 'token'],
  ])
    expect((await learnflow(...args)).stdout).toContain(`Usage: learnflow ${args.slice(1).join(' ')} `)
})

test('up, status, submit, ask, verify, down on one folder, which later commands find by themselves', async () => {
  const data = join(folder, 'a', 'data')
  expect(await learnflow('up', '--port', '0', '--data', data)).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/^up at http:\S+, data in /),
  })
  expect((await learnflow('up', '--port', '0', '--data', data)).stdout).toMatch(/^unchanged: /)
  expect(await learnflow('status')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^ready, embedded .* at http/),
  })
  const right = await learnflow('submit', join(root, 'examples', 'square.py'), '--exercise', 'square', '--key', 'one')
  expect(right).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^passed, score 1, /) })
  expect(
    (await learnflow('submit', join(root, 'examples', 'square.py'), '--exercise', 'square', '--key', 'one')).stdout,
  ).toContain('attempt 1')
  await writeFile(join(folder, 'wrong.py'), 'def square(n): return n + n')
  const wrong = await learnflow('submit', 'wrong.py', '--exercise', 'square')
  expect(wrong).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/^failed, .*\nsquare\(.+\): got .+, expected .+/),
  })
  expect(await learnflow('submit', 'wrong.py', '--exercise', 'square', '--exit-zero')).toMatchObject({ exitCode: 0 })
  expect(await learnflow('submit', 'wrong.py', '--exercise', 'no-such')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringMatching(/^NOT_FOUND: /),
  })
  expect((await learnflow('submissions')).stdout).toMatch(/failed[\s\S]*passed[\s\S]*3 submissions of student-1/)
  expect((await learnflow('classes', 'assign', 'square', '--class', 'c1')).stdout).toMatch(/^square is assigned to c1/)
  expect((await learnflow('classes')).stdout).toBe('c1  0 students  1 assignment\n1 class')
  expect((await learnflow('classes', 'grades', '--class', 'c1')).stdout).toMatch(/^student_id,exercise_id,[a-z_,]+$/)
  expect((await learnflow('exercises', '--limit', '2')).stdout).toMatch(/^2 of \d+ exercises$/m)
  expect(await learnflow('ask', 'What is a list?')).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/^concepts: \*\*Lists\*\*/),
  })
  expect((await learnflow('token', '--student', 'ann')).stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
  await writeFile(join(folder, 'list.csv'), 'student_id\nann\nbob\n')
  expect((await learnflow('token', '--students', 'list.csv')).stdout).toMatch(
    /^{"student":"ann","token":"eyJ[^"]+"}\n{"student":"bob","token":"eyJ[^"]+"}$/,
  )
  expect(await learnflow('verify', 'grading.wrong')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/\n1 passed, 0 failed, 0 skipped$/),
  })
  await expect
    .poll(async () => (await learnflow('kafka-topics', 'lag', 'exercise')).stdout)
    .toBe('exercise is 0 behind on learning.events, 12 partitions')
  for (const target of ['local', 'nowhere'])
    expect(await learnflow('serve', '--target', target, '--data', join(folder, 'other'))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(target),
    })
  expect(await learnflow('serve', '--target', 'embedded', '--data', data)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^DATA_FOLDER_IN_USE: /),
  })
  expect(await learnflow('down')).toMatchObject({ exitCode: 0, stdout: `stopped the platform on ${data}` })
  expect((await learnflow('status')).exitCode).toBe(2)
})

test('serve greets with an address, a token and a next command that works, and Ctrl-C ends it with 0', async () => {
  const data = join(folder, 'b')
  const child = execa(process.execPath, ['bin/learnflow.ts', 'serve', '--greet', '--port', '0', '--data', data], {
    cwd: root,
    reject: false,
    env: { LEARNFLOW_SANDBOX_PROCESSES: '1' },
  })
  const greeting = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += String(chunk)
      if (text.includes('--data')) resolve(text)
    })
    void child.then(result => reject(new Error(`it ended with ${result.exitCode}: ${result.stderr}`)))
  })
  const lines = greeting.trim().split('\n')
  expect(lines[0]).toMatch(/^LearnFlow \S+ is ready at http:\/\/127\.0\.0\.1:\d+/)
  expect(lines[2]).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
  const [command = '', ...args] = (lines.at(-1) ?? '').split(' ').map(word => word.replaceAll("'", ''))
  expect((await execa(command, args, { cwd: root })).stdout).toMatch(/^passed, /)
  child.kill('SIGINT')
  expect(await child).toMatchObject({ exitCode: 0 })
})
