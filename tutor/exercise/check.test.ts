import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { bankFolder } from './bank.ts'
import { checkExercise, checkFile } from './check.ts'
import { readExercise } from './parse-exercise.ts'
import { exerciseOf } from '../test-exercise.ts'

let sandbox: Sandbox
let folder: string
beforeAll(async () => {
  sandbox = await sharedSandbox()
  folder = await mkdtemp(join(tmpdir(), 'learnflow-check-'))
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const adult = {
  entry: ['is_adult'],
  reference: 'def is_adult(age):\n    return age >= 18\n',
  tests: [
    { call: 'is_adult(30)', expect: 'True' },
    { call: 'is_adult(3)', expect: 'False' },
  ],
}

test.each(['square', 'square-of-input'])('%s is proven, and each change of its reference is caught', async id => {
  const { ok, problems, mutants } = await checkFile(join(bankFolder, id), sandbox)
  expect(problems).toEqual([])
  expect(ok).toBe(true)
  expect(mutants.made).toBeGreaterThan(0)
  expect(mutants.survivors).toEqual([])
})

test('tests that miss a boundary are reported with the unnoticed change and an input that shows it', async () => {
  const { ok, problems, mutants } = await checkExercise(exerciseOf(adult), sandbox)
  expect(mutants.survivors).toContainEqual({
    path: 'made-up',
    line: 2,
    change: 'age >= 18 -> age > 18',
    input: 'is_adult(18)',
  })
  expect(mutants.made).toBeGreaterThan(mutants.caught)
  expect(ok).toBe(false)
  expect(problems).toEqual([
    expect.objectContaining({ message: expect.stringContaining('one-token changes of the reference') }),
  ])
})

test('with the boundary tested nothing survives', async () => {
  const tests = [...adult.tests, { call: 'is_adult(18)', expect: 'True' }, { call: 'is_adult(17)', expect: 'False' }]
  expect(await checkExercise(exerciseOf({ ...adult, tests }), sandbox)).toMatchObject({
    ok: true,
    mutants: { survivors: [] },
  })
})

test('a wrong reference is reported at the test that it fails', async () => {
  await writeFile(
    join(folder, 'exercise.yaml'),
    `id: half
title: Half
version: 1
module: basics
level: easy
kind: function
concepts: [division]
statement: Halve it.
entry: [half]
reference: |
  def half(n):
      return n // 2
tests:
  - { call: half(4), expect: "2" }
  - { call: half(3), expect: "1.5" }
`,
  )
  const { ok, problems } = await checkFile(folder, sandbox)
  expect(ok).toBe(false)
  expect(problems).toContainEqual({
    path: join(folder, 'exercise.yaml'),
    line: 15,
    column: 5,
    message: 'the reference gives 1 for half(3), where the test expects 1.5',
  })
})

test.each([
  [
    'a reference that does not parse',
    { reference: 'def is_adult(age) return True' },
    /^the reference ends with error: SyntaxError/,
  ],
  ['an alternative that is wrong', { alternatives: ['def is_adult(age): return age > 20'] }, undefined],
  ['a mistake that passes', { mistakes: [{ file: adult.reference, names: 'nothing' }] }, /^nothing passes every test$/],
  [
    'an expectation that raises',
    { tests: [{ call: 'is_adult(3)', expect: '1 / 0' }] },
    /1 \/ 0 raises ZeroDivisionError/,
  ],
  [
    'a test that stands twice',
    { tests: [...adult.tests, adult.tests[0] ?? { call: '1', expect: '1' }] },
    /^the same test as number 1$/,
  ],
  [
    'a test without the program',
    { tests: [...adult.tests, { call: '1 + 1', expect: '2' }] },
    /passes without any program/,
  ],
  [
    'an expectation of another type',
    { tests: [...adult.tests, { call: 'is_adult(18)', expect: '1' }] },
    /a bool where an int is expected/,
  ],
  [
    'a result that changes',
    { reference: 'import time\ndef is_adult(age): return time.perf_counter_ns()' },
    /another result each time/,
  ],
  [
    'tests that an empty program passes',
    { reference: 'def is_adult(age): pass', tests: [{ call: 'is_adult(3)', expect: 'None' }] },
    /^an empty program passes every test$/,
  ],
  [
    'a value that cannot be compared',
    { tests: [{ call: 'is_adult(3)', expect: 'range(3)' }] },
    /not plain built-in data/,
  ],
])('%s is a problem', async (_, parts, message) => {
  const { ok, problems } = await checkExercise(exerciseOf({ ...adult, ...parts }), sandbox)
  expect(ok).toBe(false)
  if (message !== undefined)
    expect(problems.map(problem => problem.message)).toContainEqual(expect.stringMatching(message))
})

test('a changed reference that never ends counts as caught and holds nothing up', async () => {
  const countdown = exerciseOf({
    entry: ['countdown'],
    reference:
      'def countdown(n):\n    found = []\n    while n > 0:\n        found.append(n)\n        n -= 1\n    return found\n',
    tests: [
      { call: 'countdown(3)', expect: '[3, 2, 1]' },
      { call: 'countdown(0)', expect: '[]' },
    ],
  })
  const { ok, mutants } = await checkExercise(countdown, sandbox)
  expect(ok).toBe(true)
  expect(mutants.made).toBe(mutants.caught)
  expect(mutants.made).toBeGreaterThan(5)
})

test('the exercise of a folder that cannot be read is a problem with its place', async () => {
  await expect(checkFile(join(folder, 'nowhere'), sandbox)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect((await readExercise(join(bankFolder, 'square'))).id).toBe('square')
})

test('a float that is not exact gets a word about the tolerance', async () => {
  const exercise = exerciseOf({
    entry: ['f'],
    reference: 'def f(): return 0.1 + 0.05\n',
    tests: [{ call: 'f()', expect: '0.15' }],
  })
  const { problems } = await checkExercise(exercise, sandbox)
  expect(problems.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/0\.15000000000000002.*tolerance/),
  )
})

const judged = { entry: ['f'], reference: 'def f(n): return n + 1\n' }
test.each([
  ['calls it by its name', 'def right(): return globals()["f"](1) == 2\n', 'right()', 'the prelude uses f'],
  ['evaluates a call of it', 'def right(): return eval("f(1)") == 2\n', 'right()', 'the prelude uses f'],
  ['calls the program', 'def right(): return [f(n) == n + 1 for n in (1, 5)]\n', 'right()', 'the prelude uses f'],
  ['is given its function', 'def right(g): return [g(n) == n + 1 for n in (1, 5)]\n', 'right(f)', 'is given a part'],
  ['is given its result', 'def right(n): return [n == 2, n == 2]\n', 'right(f(1))', 'is given a part'],
])('a prelude that %s is refused, and passes as helpers', async (_, text, call, problem) => {
  const tests = [{ call, expect: '[True, True]' }]
  const { problems } = await checkExercise(exerciseOf({ ...judged, prelude: text, tests }), sandbox)
  expect(problems.map(({ message }) => message).join('\n')).toMatch(new RegExp(`${problem}.*helpers`))
  const helped = await checkExercise(exerciseOf({ ...judged, helpers: text, tests }), sandbox)
  expect(helped.problems.map(({ message }) => message).join('\n')).not.toContain('prelude')
})

test('a prelude whose data a program uses is none that judges', async () => {
  const exercise = exerciseOf({
    entry: ['f'],
    prelude: 'class Station:\n    def read(self): return 4\n\ndef make(n): return [n]\n',
    reference: 'def f(s): return s.read() + 1\n',
    tests: [{ call: 'f(Station()) + make(1)[0]', expect: '6' }],
  })
  const { problems } = await checkExercise(exercise, sandbox)
  expect(problems.map(({ message }) => message).join('\n')).not.toContain('helpers')
})
