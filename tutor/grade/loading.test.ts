import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from '../../platform/drivers/sandbox/pyodide.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { gradeProgram } from './grade.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox({ processes: 1 })
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const square = exerciseOf({
  entry: ['square'],
  reference: 'def square(n): return n * n\n',
  limits: { seconds: 1, megabytes: 50 },
  tests: Array.from({ length: 11 }, (_, n) => ({ call: `square(${n})`, expect: String(n * n) })),
})
const right = 'def square(n): return n * n\n'
const grade = async (code: string) => gradeProgram(code, square, sandbox, { seed: '1' })

test.each([
  ['sleeps', `import time\ntime.sleep(0.45)\n${right}`],
  ['sleeps for long', `import time\ntime.sleep(3_600)\n${right}`],
  ['shows something that takes long', `for n in range(3_000_000): pass\n${right}`],
  ['exits at its end', `${right}exit()\n`],
  ['quits at its end', `${right}print(square(2))\nquit()\n`],
  ['ends with an exit code', `import sys\n${right}sys.exit("done")\n`],
  ['exits where it is the program', `${right}if True:\n    raise SystemExit\n`],
])('a right program that %s passes', async (_, code) => {
  expect(await grade(code)).toMatchObject({ verdict: 'passed', score: 1 })
})

test('a program that leaves before it defines anything is told that it ended itself', async () => {
  expect(await grade(`exit()\n${right}`)).toMatchObject({ verdict: 'error', error: { type: 'SystemExit', line: 1 } })
})

test('a program that leaves in a test fails that test', async () => {
  const { verdict, tests } = await grade('def square(n):\n    if n == 3: exit()\n    return n * n\n')
  expect([verdict, tests.filter(({ passed }) => !passed).map(({ call }) => call)]).toEqual(['failed', ['square(3)']])
})
