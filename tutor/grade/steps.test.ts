import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { checkExercise } from '../exercise/check.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { exerciseOf } from '../test-exercise.ts'
import { gradeProgram, type Judgement } from './grade.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const grade = async (code: string, exercise: Exercise): Promise<Judgement> =>
  gradeProgram(code, exercise, sandbox, { seed: '1' })

const account = exerciseOf({
  kind: 'class',
  entry: ['Account'],
  import_as: 'bank',
  reference: `class Account:
    def __init__(self):
        self._open = False
        self._sum = 0
    def open(self):
        if self._open:
            raise ValueError("already open")
        self._open = True
    def pay_in(self, amount):
        if not self._open:
            raise ValueError("not open")
        self._sum += amount
    def balance(self):
        return self._sum
`,
  helpers: 'from bank import Account\ndef opened():\n    made = Account()\n    made.open()\n    return made\n',
  tests: [
    {
      steps: [
        { do: 'mine = Account()' },
        { call: 'mine.pay_in(3)', raises: 'ValueError', message: 'not open' },
        { do: 'mine.open()\nmine.pay_in(3)' },
        { call: 'mine.balance()', expect: '3' },
        { do: 'mine.open()', raises: 'ValueError', holds: "re.search('already', message)" },
      ],
    },
    { call: 'opened().balance()', holds: 'result is not True and result == 0' },
    {
      steps: [
        { do: 'a, b = opened(), opened()\na.pay_in(1)' },
        { call: '(a.balance(), b.balance())', expect: '(1, 0)' },
      ],
    },
  ],
})

test('make, change, look and go on after an exception', async () => {
  expect(await checkExercise(account, sandbox)).toMatchObject({ ok: true, problems: [] })
  const wrong = account.reference.replace('not open', 'closed')
  const { tests, verdict } = await grade(wrong, account)
  expect(verdict).toBe('failed')
  expect(tests).toMatchObject([
    {
      call: 'mine = Account()\nmine.pay_in(3)',
      got: 'ValueError: closed',
      expected: 'raises ValueError: not open',
    },
    { passed: true },
    { passed: true, call: 'a, b = opened(), opened()\na.pay_in(1)\n(a.balance(), b.balance())' },
  ])
  const forgets = account.reference.replace('self._open = True', 'pass')
  expect((await grade(forgets, account)).tests[0]).toMatchObject({
    got: 'ValueError: not open',
    expected: 'no exception',
  })
})

test('what holds of a result is decided where the program is not', async () => {
  const letters = exerciseOf({
    entry: ['letters'],
    reference: 'def letters(word): return list(set(word))',
    tests: [
      { call: "letters('abba')", holds: "sorted(result) == ['a', 'b']" },
      { call: "letters('ab')", holds: "result in (['a', 'b'], ['b', 'a'])" },
      { call: "letters('')", holds: 'result != None and len(result) < 1' },
    ],
  })
  expect(await checkExercise(letters, sandbox)).toMatchObject({ ok: true })
  const always = `class Always(list):
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = __contains__ = __eq__
    def __len__(self): return 0
import builtins
builtins.sorted = lambda *_: ['a', 'b']
builtins.len = lambda *_: 0
def letters(word): return Always("x")
`
  expect(await grade(always, letters)).toMatchObject({
    score: 0,
    tests: [{ got: "['x']", expected: "sorted(result) == ['a', 'b']" }, {}, {}],
  })
  expect((await grade('def letters(word): return object()', letters)).score).toBe(0)
})

test('a program can be tried with other input, another chance and another time', async () => {
  const dice = exerciseOf({
    entry: ['roll', 'ask'],
    reference: `from random import randint
import time
def roll(): return [randint(1, 6), time.time()]
def ask():
    print("hello", input())
    return int(input())
`,
    tests: [
      {
        call: 'roll()',
        patch: { 'random.randint': 'lambda low, high: high', 'time.time': 'lambda: 7.0' },
        expect: '[6, 7.0]',
      },
      { call: 'ask()', stdin: 'Bo\n5\n', expect: '5', stdout: 'hello Bo' },
      { call: 'ask()', patch: { input: "iter(['Al', '6']).__next__" }, stdout: 'hello Al\n' },
      { call: 'roll()[0]', holds: '1 <= result <= 6 and result == int(result)' },
    ],
  })
  expect((await checkExercise(dice, sandbox)).problems).toEqual([])
  const silent = dice.reference.replace('print("hello", input())', 'input()')
  expect((await grade(silent, dice)).tests).toMatchObject([
    { passed: true },
    { passed: false, got: '', expected: 'hello Bo' },
    { passed: false, got: '', expected: 'hello Al\n' },
    { passed: true },
  ])
})

test('dates and objects are compared by what an expression says of them', async () => {
  const day = exerciseOf({
    entry: ['next_day', 'Point'],
    helpers: 'from datetime import date',
    reference: `from datetime import timedelta
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
def next_day(day): return day + timedelta(1)
`,
    tests: [
      { call: 'next_day(date(2024, 2, 28))', expect: 'date(2024, 2, 29)', by: 'result.isoformat()' },
      { call: 'Point(1, 2)', expect: 'Point(1, 2)', by: '(result.x, result.y)' },
    ],
  })
  expect((await checkExercise(day, sandbox)).problems).toEqual([])
  expect((await grade(day.reference.replace('timedelta(1)', 'timedelta(2)'), day)).tests[0]).toMatchObject({
    passed: false,
    got: "'2024-03-01'",
    expected: "'2024-02-29'",
  })
  expect((await grade('class Point:\n  def __init__(s, *a): pass\ndef next_day(d): pass', day)).tests).toMatchObject([
    { passed: false, got: 'None' },
    { passed: false, got: expect.stringContaining('Point object') as string },
  ])
})

test('a tolerance can be an amount', async () => {
  const tests = [{ call: 'f()', expect: '1000.0', tolerance: { absolute: 0.05 } }]
  const near = exerciseOf({ entry: ['f'], reference: 'def f(): return 1000.0', tests })
  expect((await grade('def f(): return 1000.04', near)).verdict).toBe('passed')
  expect((await grade('def f(): return 1000.06', near)).verdict).toBe('failed')
})

test.each([
  ['holds', { call: 'f()', holds: 'result >' }, /holds: result > is no Python expression/],
  ['do', { steps: [{ do: 'x = (' }] }, /is no Python/],
  ['expect', { call: 'f()', expect: 'object()', by: 'result' }, /cannot be compared; say in by/],
])('a fault in %s is a fault of the exercise', async (_, one, message) => {
  const faulty = exerciseOf({ entry: ['f'], reference: 'def f(): return 1', tests: [one] })
  await expect(grade('def f(): return 1', faulty)).rejects.toMatchObject({
    code: 'EXERCISE_FAULTY',
    message: expect.stringMatching(message) as string,
  })
})

test('helpers that fail are never the exception that a test expects', async () => {
  const raising = exerciseOf({
    entry: ['f'],
    helpers: 'f()',
    reference: 'def f(): pass',
    tests: [{ call: '1 / 0', raises: 'ZeroDivisionError' }],
  })
  expect((await grade('def f(): 1 / 0', raising)).verdict).toBe('failed')
})
