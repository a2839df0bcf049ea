import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { bankFolder } from '../exercise/bank.ts'
import { gradeProgram, forStudent, type Judgement } from './grade.ts'
import { type Exercise, readExercise } from '../exercise/parse-exercise.ts'
import { note } from '../feedback/note.ts'
import { exerciseOf } from '../test-exercise.ts'

let sandbox: Sandbox
let square: Exercise
let squareOfInput: Exercise

beforeAll(async () => {
  sandbox = await sharedSandbox()
  square = await readExercise(join(bankFolder, 'square'))
  squareOfInput = await readExercise(join(bankFolder, 'square-of-input'))
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const grade = async (code: string, exercise = square): Promise<Judgement> =>
  gradeProgram(code, exercise, sandbox, { seed: '1' })

test('the reference passes every test with its seed on the grade', async () => {
  const judgement = await grade(square.reference)
  expect(judgement).toMatchObject({ verdict: 'passed', score: 1, seed: '1', notes: [] })
  expect(judgement.tests).toHaveLength(11)
  expect(judgement.tests[0]).toEqual({ call: 'square(3)', passed: true, got: '9', expected: '9', hidden: false })
})

test('a wrong program fails with the share of tests it passes', async () => {
  const { verdict, score, tests } = await grade('def square(n):\n    return abs(n) * n')
  expect(verdict).toBe('failed')
  expect(score).toBe(tests.filter(({ passed }) => passed).length / tests.length)
  expect(tests[2]).toMatchObject({ call: 'square(-4)', passed: false, got: '-16', expected: '16' })
})

test.each([
  ['does not parse', 'def square(n) return n', { verdict: 'error', error: { type: 'SyntaxError', line: 1 } }],
  ['raises when it is loaded', 'import maths', { verdict: 'error', error: { type: 'ModuleNotFoundError', line: 1 } }],
  ['ends itself', 'import sys\nsys.exit(0)', { verdict: 'error', error: { type: 'SystemExit', line: 2 } }],
  ['holds a NUL byte', 'def square(n): return n * n\n\0', { verdict: 'error', error: { type: 'SyntaxError' } }],
  ['takes all memory', 'def square(n): return len(bytearray(10 ** 9))', { verdict: 'out_of_memory' }],
  ['prints without end', 'def square(n):\n    while True: print("x" * 10000)', { verdict: 'output_limit' }],
  ['raises in every call', 'def square(n): raise ValueError("no")', { verdict: 'failed' }],
  ['recurses without end', 'def square(n): return square(n)', { verdict: 'failed' }],
])('a program that %s is told so and scores 0', async (_, code, wanted) => {
  expect(await grade(code)).toMatchObject({ ...wanted, score: 0 })
})

test('a program that never ends is timed out, and the next one is graded', async () => {
  const hurried = { ...square, limits: { ...square.limits, seconds: 0.5 } }
  expect(await grade('def square(n):\n    while True: pass', hurried)).toMatchObject({
    verdict: 'timed_out',
    score: 0,
    error: { line: 2 },
  })
  expect(await grade(square.reference)).toMatchObject({ verdict: 'passed' })
})

test('an error in one test does not keep the others from being judged', async () => {
  const { verdict, tests } = await grade('def square(n):\n    return n * n if n != 0 else 1 / n')
  expect(verdict).toBe('failed')
  expect(tests.filter(({ passed }) => !passed)).toMatchObject([
    { call: 'square(0)', error: { type: 'ZeroDivisionError', line: 2 } },
  ])
})

test('equal values of another type pass with a note, a tuple for a list does not', async () => {
  const pair = exerciseOf({
    entry: ['pair'],
    reference: 'def pair(a, b): return [a, b]',
    tests: [{ call: 'pair(1, 0)', expect: '[1, 0]' }],
  })
  expect(await grade('def pair(a, b): return [a, bool(b)]', pair)).toMatchObject({
    verdict: 'passed',
    notes: [note('type-equal', { call: 'pair(1, 0)', got: 'bool', expected: 'int' })],
  })
  expect(await grade('def pair(a, b): return (a, b)', pair)).toMatchObject({
    verdict: 'failed',
    notes: [note('type-sequence', { call: 'pair(1, 0)', got: 'tuple', expected: 'list' })],
  })
})

test('floats compare exactly unless the test gives a tolerance', async () => {
  const tests = [{ call: 'third()', expect: '0.3' }]
  const base = { entry: ['third'], reference: 'def third(): return 0.3' }
  const code = 'def third(): return 0.1 + 0.2'
  expect((await grade(code, exerciseOf({ ...base, tests }))).verdict).toBe('failed')
  expect(
    (await grade(code, exerciseOf({ ...base, tests: tests.map(one => ({ ...one, tolerance: 1e-9 })) }))).verdict,
  ).toBe('passed')
})

test('an expected exception matches its class or a base of it, but not a class that only shares its name', async () => {
  const raising = exerciseOf({
    entry: ['f'],
    reference: 'def f(): raise KeyError(1)',
    tests: [{ call: 'f()', raises: 'LookupError' }],
  })
  expect((await grade('def f(): return {}[1]', raising)).verdict).toBe('passed')
  expect((await grade('def f(): return 1', raising)).verdict).toBe('failed')
  expect((await grade('class LookupError(Exception): pass\ndef f(): raise LookupError', raising)).verdict).toBe(
    'failed',
  )
})

test('blanks at line ends and empty lines at the end of an output do not count, anything else does', async () => {
  expect((await grade('print(int(input()) ** 2, end=" \\n\\n")', squareOfInput)).verdict).toBe('passed')
  expect((await grade('print("", int(input()) ** 2)', squareOfInput)).verdict).toBe('failed')
  expect((await grade('import sys\nprint(int(sys.stdin.readline()) ** 2)\nsys.exit()', squareOfInput)).verdict).toBe(
    'passed',
  )
  expect(await grade('print(int(input()) ** 2', squareOfInput)).toMatchObject({
    verdict: 'error',
    error: { type: 'SyntaxError' },
  })
})

test('a file that a program writes is read back, and no test sees the files of another', async () => {
  const exercise = exerciseOf({
    kind: 'file',
    reference: 'with open("in.txt") as a, open("out.txt", "a") as b: b.write(a.read().upper())',
    tests: [
      { files: { 'in.txt': 'one\n' }, writes: { 'out.txt': 'ONE\n' } },
      { files: { 'in.txt': 'two\n' }, writes: { 'out.txt': 'TWO\n' } },
    ],
  })
  expect(await grade(exercise.reference, exercise)).toMatchObject({ verdict: 'passed' })
  expect(await grade('open("other.txt", "w")', exercise)).toMatchObject({
    verdict: 'failed',
    tests: [{ got: 'out.txt: no such file' }, {}],
  })
})

test('a student sees of a hidden test only whether it passed', async () => {
  const { tests } = await grade('def square(n):\n    return {}[n]')
  const hidden = forStudent(tests).filter(one => one.hidden)
  expect(hidden).toHaveLength(3)
  for (const one of hidden) expect(one).toEqual({ call: '', passed: false, got: '', expected: '', hidden: true })
})

test('a broken rule is a note, never a failed test', async () => {
  const strict = {
    ...square,
    rules: { ban_calls: ['pow', 'list.sort'], no_imports: true, max_lines: 3, require_function: 'square' },
  }
  const code = 'import math\ndef square(n):\n    x = [2]\n    x.sort()\n    return pow(n, 2)\n'
  expect(await grade(code, strict)).toMatchObject({
    verdict: 'passed',
    notes: [
      note('rule-banned', { name: 'pow', line: 5 }),
      note('rule-banned', { name: 'list.sort', line: 4 }),
      note('rule-import', { line: 1 }),
      note('rule-max-lines', { lines: 5, max: 3 }),
    ],
  })
  expect((await grade(square.reference, strict)).notes).toEqual([])
})

test('an exercise whose expectation cannot be worked out is a fault of the exercise', async () => {
  const faulty = exerciseOf({ entry: ['f'], reference: 'def f(): return 1', tests: [{ call: 'f()', expect: '1 / 0' }] })
  await expect(grade('def f(): return 1', faulty)).rejects.toMatchObject({ code: 'EXERCISE_FAULTY' })
})
