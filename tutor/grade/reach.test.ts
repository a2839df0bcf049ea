import { expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { PythonRun, Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { gradeProgram } from './grade.ts'
import { shareOf } from './reach.ts'

const echo = exerciseOf({
  kind: 'stdout',
  reference: 'print(input() * 2)\n',
  tests: ['a', 'b', 'c'].map(stdin => ({ stdin, stdout: stdin + stdin })),
})

/** A sandbox that records its runs. */
async function recording(): Promise<Sandbox & { jobs: PythonRun[] }> {
  const sandbox = await sharedSandbox()
  const jobs: PythonRun[] = []
  return { ...sandbox, jobs, run: async job => (jobs.push(job), sandbox.run(job)) }
}

test.each([
  ['sets a module', 'import math\nmath.pi = 3\n'],
  ['writes a file', 'print(input() * 2, file=open("a", "w"))\n'],
  ['changes a built-in', '__builtins__.print = len\n'],
  ['calls a module', 'import random\nrandom.seed(1)\n'],
])('a whole program that %s shares no interpreter', (_, code) => expect(shareOf(code, echo)).toEqual({}))

test('a plain whole program that fails is run once, and one of its tests by itself', async () => {
  const sandbox = await recording()
  const code = 'seen = []\nseen.append(input())\nprint(len(seen), seen[-1] + "b")\n'
  const judged = await gradeProgram(code, echo, sandbox, { seed: '1', detail: 'verdict' })
  expect(judged.tests.map(({ got }) => got)).toEqual(['1 ab\n', '1 bb\n', '1 cb\n'])
  expect(sandbox.jobs.filter(job => job.code === code).map(({ calls }) => calls?.length)).toEqual([3, 1])
})

test.each([
  ['reads less than there is', 'print(input() * 2)\n'],
  ['ends itself', 'print(input() * 2)\nexit()\n'],
  ['ends itself where it is asked to', 'while True:\n    print(input() * 2)\n    quit()\n'],
  [
    'reads to the end',
    'line = input()\ntry:\n    while True:\n        input()\nexcept EOFError:\n    print(line * 2)\n',
  ],
])('a right whole program that %s passes', async (_, code) => {
  const tests = ['a\nb\n', 'c', 'd\n\ne'].map(stdin => ({ stdin, stdout: `${stdin[0]}${stdin[0]}\n` }))
  const exercise = exerciseOf({ kind: 'stdout', reference: 'print(input() * 2)\n', tests })
  expect(await gradeProgram(code, exercise, await sharedSandbox(), { seed: '1' })).toMatchObject({ verdict: 'passed' })
})

test('a whole program that runs out of room beside others is run in fresh interpreters', async () => {
  const sandbox = await recording()
  const code = 'def f(n):\n    return f(n + 1)\nprint(input() * 2)\ntry:\n    f(0)\nexcept ValueError:\n    pass\n'
  await gradeProgram(code, echo, sandbox, { seed: '1', detail: 'verdict' })
  expect(sandbox.jobs.filter(job => job.code === code).map(({ share }) => share)).toEqual(['interpreter', undefined])
})

test('a failure of a program that reaches nothing is not looked at again, one of a program that does is', async () => {
  const exercise = exerciseOf({
    entry: ['f'],
    reference: 'def f(n):\n    return n\n',
    tests: [{ call: 'f(1)', expect: '1' }],
  })
  const sharesOf = async (code: string): Promise<unknown[]> => {
    const sandbox = await recording()
    await gradeProgram(code, exercise, sandbox, { seed: '1', detail: 'verdict' })
    return sandbox.jobs.filter(job => job.code === code).map(({ share }) => share)
  }
  expect(await sharesOf('def f(n):\n    return n + 1\n')).toEqual([undefined])
  expect(await sharesOf('import math\ndef f(n):\n    return n + 1\n')).toEqual([undefined, 'nothing'])
  expect(await sharesOf('seen = []\ndef f(n):\n    return n + 1\n')).toEqual([undefined, 'nothing'])
})
