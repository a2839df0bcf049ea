import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bankFolder } from '../../../tutor/exercise/bank.ts'

let folder: string
const file = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'learnflow-tutor-'))
  await writeFile(file('right.py'), 'def square(n):\n    return n * n\n')
  await writeFile(file('wrong.py'), 'def square(n):\n    print(n * n)\n')
  const latin = '# größe\ndef square(n): return n * n\n'
  await writeFile(file('unsaid.py'), Buffer.from(latin, 'latin1'))
  await writeFile(file('latin.py'), Buffer.from(`# coding: latin-1\n${latin}`, 'latin1'))
  await writeFile(file('echo.py'), 'print(input()[::-1])\n')
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

async function tutor(
  args: readonly string[],
  input = '',
  env: Record<string, string> = {},
): Promise<{ exitCode: number | undefined; lines: Record<string, unknown>[]; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(import.meta.dirname, 'tutor.ts'), ...args], {
    input,
    reject: false,
    cwd: folder,
    env,
  })
  return {
    exitCode,
    lines: stdout === '' ? [] : stdout.split('\n').map(line => JSON.parse(line) as Record<string, unknown>),
    stderr,
  }
}

test('one program is graded with the fields that graders read, also when it is wrong', async () => {
  const { exitCode, lines } = await tutor(['grade', 'wrong.py', '--exercise', 'square', '--json'])
  expect(exitCode).toBe(0)
  expect(Object.keys(lines[0] ?? {}).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'duration_ms',
    'file',
    'notes',
    'score',
    'smallest_failing',
    'tests',
    'verdict',
  ])
  expect(lines[0]).toMatchObject({
    file: 'wrong.py',
    verdict: 'failed',
    score: 0,
    tests: expect.arrayContaining([{ call: 'square(3)', passed: false, got: 'None', expected: '9', hidden: false }]),
  })
})

test('programs of any encoding that they name are graded in one process and printed in order; a missing one delays none', async () => {
  const { exitCode, lines, stderr } = await tutor([
    'grade',
    'right.py',
    'none.py',
    'unsaid.py',
    'wrong.py',
    'latin.py',
    '--exercise',
    'square',
  ])
  expect(lines.map(({ file, verdict }) => [file, verdict])).toEqual([
    ['right.py', 'passed'],
    ['wrong.py', 'failed'],
    ['latin.py', 'passed'],
  ])
  expect(stderr).toContain('none.py: NOT_FOUND')
  expect(stderr).toContain('unsaid.py is not UTF-8: line 1, column 5, holds the byte 0xf6')
  expect(exitCode).toBe(3)
})

test('a program runs with its input', async () => {
  const { exitCode, lines } = await tutor(['run', 'echo.py', '--stdin', 'abc\n', '--json'])
  expect(exitCode).toBe(0)
  expect(lines).toEqual([
    { ended: 'ok', stdout: 'cba\n', stderr: '', truncated: false, duration_ms: expect.any(Number) },
  ])
})

test('an exercise is proven by its id', async () => {
  const { exitCode, lines } = await tutor(['check', 'square', '--json'])
  expect(exitCode).toBe(0)
  expect(lines).toEqual([
    { ok: true, problems: [], mutants: { made: 2, caught: 2, survivors: [] }, mistakes: { made: 3, named: 2 } },
  ])
})

test('an exercise that is not proven ends with 1, alone and among others, whatever is printed', async () => {
  await cp(join(bankFolder, 'square'), file('faulty'), { recursive: true })
  const text = await readFile(file('faulty/exercise.yaml'), 'utf8')
  await writeFile(file('faulty/exercise.yaml'), text.replace('expect: "9"', 'expect: "10"'))
  for (const args of [
    ['faulty', '--json'],
    ['square', 'faulty', '--jsonl'],
  ]) {
    const { exitCode, lines } = await tutor(['check', ...args])
    expect(exitCode).toBe(1)
    expect(lines.at(-1)).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.anything()]) })
  }
})

test('a name is an exercise of the folder that the setting names', async () => {
  await cp(join(bankFolder, 'square'), file('bank/twice'), { recursive: true })
  const text = await readFile(file('bank/twice/exercise.yaml'), 'utf8')
  await writeFile(file('bank/twice/exercise.yaml'), text.replace('id: square', 'id: twice'))
  const env = { LEARNFLOW_EXERCISES: 'bank' }
  const graded = async (id: string) => tutor(['grade', 'right.py', '--exercise', id, '--json'], '', env)
  expect((await graded('twice')).lines).toMatchObject([{ file: 'right.py', verdict: 'passed' }])
  expect(await graded('square')).toMatchObject({ exitCode: 3, lines: [{ code: 'NOT_FOUND' }] })
})

test('messages are routed one a line', async () => {
  const { exitCode, lines } = await tutor(
    ['triage', '--jsonl'],
    '{"text":"what is a list comprehension?"}\n{"text":"my program crashes with a KeyError"}\n',
  )
  expect(exitCode).toBe(0)
  expect(lines).toMatchObject([
    { intent: 'concepts', confidence: expect.any(Number), reason: expect.any(String), alternatives: expect.any(Array) },
    { intent: 'debug' },
  ])
})

test.each([
  [['grade', 'right.py', '--exercise', 'no-such-exercise'], 'NOT_FOUND'],
  [['grade', 'right.py'], 'INVALID_INPUT'],
  [['run', 'echo.py', '--seconds', '99'], 'INVALID_INPUT'],
  [['triage'], 'INVALID_INPUT'],
])('wrong usage (%j) ends with 3 and says what to do', async (args, code) => {
  const { exitCode, stderr } = await tutor(args, 'no JSON')
  expect(exitCode).toBe(3)
  expect(stderr).toContain(code)
})

test('programs are reviewed, with an exercise after a run, and one that does not parse is for tutor explain', async () => {
  await writeFile(
    file('long.py'),
    'def square(n):\n    if n == None:\n        return 0\n    result = n * n\n    return result\n',
  )
  await writeFile(file('broken.py'), 'def square(n:\n')
  const plain = await tutor(['review', 'long.py', 'broken.py', '--json'])
  expect(plain.exitCode).toBe(0)
  expect(plain.lines).toMatchObject([
    { file: 'long.py', findings: [{ rule: 'E711', line: 2, after: 'if n is None:' }], quality: expect.any(Number) },
    { file: 'broken.py', findings: [], quality: null, message: expect.stringContaining('tutor explain') },
  ])
  const run = await tutor(['review', 'long.py', '--exercise', 'square', '--json'])
  expect(run.lines).toMatchObject([{ findings: [{ rule: 'E711', verified: true }] }])
  expect(await tutor(['review', 'long.py', '--level', 'expert'])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('advanced'),
  })
})
