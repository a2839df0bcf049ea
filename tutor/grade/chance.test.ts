import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { PythonRun, Sandbox } from '../../platform/ports/sandbox.ts'
import { exerciseOf } from '../test-exercise.ts'
import { gradeProgram, type Judgement } from './grade.ts'

let sandbox: Sandbox
let runs: PythonRun[] = []
beforeAll(async () => {
  const shared = await sharedSandbox()
  sandbox = { ...shared, run: async job => (runs.push(job), shared.run(job)) }
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

type Parts = Parameters<typeof exerciseOf>[0]
const even: Parts = {
  entry: ['is_even'],
  reference: 'def is_even(n):\n    return n % 2 == 0\n',
  tests: [
    { call: 'is_even(4)', expect: 'True' },
    { call: 'is_even(98765)', expect: 'False', hidden: true },
  ],
}

async function grade(code: string, parts: Parts = even): Promise<Judgement & { times: number }> {
  runs = []
  const judgement = await gradeProgram(code, exerciseOf(parts), sandbox, { seed: '1', detail: 'notes' })
  return { ...judgement, times: runs.filter(job => job.code === code).length }
}

test.each([
  ['chance', 'import random\ndef is_even(n):\n    return random.choice([True, False])\n'],
  ['chance by another name', 'from random import random as r\nis_even = lambda n: r() < 0.5\n'],
  ['chance by a name that is worked out', 'def is_even(n):\n    return __import__("ran" + "dom").random() < 0.5\n'],
  ['chance of the system', 'import os\ndef is_even(n):\n    return os.urandom(1)[0] < 128\n'],
  ['the clock', 'import time\ndef is_even(n):\n    return hash(str(time.time_ns())) % 2 == 0\n'],
])('a program that decides by %s passes in no run, and is told so', async (_, code) => {
  for (let round = 0; round < 3; round += 1) {
    const { verdict, notes } = await grade(code)
    expect(verdict).toBe('failed')
    expect(notes.map(({ code: said }) => said)).toContain('result-varies')
    expect(JSON.stringify(notes)).not.toContain('98765')
  }
})

test('a whole program that decides by chance passes in no run', async () => {
  const tests = ['4', '7'].map(stdin => ({ stdin, stdout: stdin === '4' ? 'even' : 'odd' }))
  const reference = 'print("odd" if int(input()) % 2 else "even")\n'
  const code = 'import random\nprint(random.choice(["odd", "even"]))\n'
  expect((await grade(code, { kind: 'stdout', reference, tests })).verdict).toBe('failed')
})

test.each([
  [
    'picks by chance what does not matter',
    'import random\ndef is_even(n):\n    k = random.randint(1, 9)\n    return (n + 2 * k) % 2 == 0\n',
  ],
  [
    'draws from a seed',
    'import random\ndef is_even(n):\n    random.seed(n)\n    random.random()\n    return n % 2 == 0\n',
  ],
  [
    'looks how long it takes',
    'import time\ndef is_even(n):\n    begun = time.time()\n    print(time.time() - begun)\n    return n % 2 == 0\n',
  ],
  [
    'leaves what fails its other tests',
    'import time, string\ndef is_even(n):\n    seen, string.seen = hasattr(string, "seen"), True\n    return None if seen else n % 2 == 0\n',
  ],
])('a right program that %s passes', async (_, code) => {
  expect(await grade(code)).toMatchObject({ verdict: 'passed', score: 1 })
})

test('only a program that may give something else each time is run again', async () => {
  expect(
    (await grade('import math\ndef is_even(n):\n    time = math.floor(n)\n    return time % 2 == 0\n')).times,
  ).toBe(1)
  expect((await grade('import random\ndef is_even(n):\n    return n % 2 == 0\n')).times).toBe(13)
})

test('where chance is the subject of the exercise, its programs are judged once', async () => {
  const dice: Parts = {
    entry: ['roll'],
    reference: 'import random\ndef roll():\n    return random.randint(1, 6)\n',
    tests: [
      { call: 'roll()', holds: '1 <= result <= 6' },
      { call: '{roll() for _ in range(200)}', expect: '{1, 2, 3, 4, 5, 6}' },
    ],
  }
  const code = 'from random import choice\ndef roll():\n    return choice(range(1, 7))\n'
  expect(await grade(code, dice)).toMatchObject({ verdict: 'passed', times: 1 })
})
