import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram } from '../grade/grade.ts'
import { exerciseOf } from '../test-exercise.ts'
import { casesOf } from '../grade/test-cases.ts'
import { checkExercise } from './check.ts'
import { claimProblems } from './claims.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

type Parts = Parameters<typeof exerciseOf>[0]
async function problemsOf(parts: Parts): Promise<string[]> {
  const exercise = exerciseOf(parts)
  const cases = await casesOf(exercise, '0', sandbox)
  const found = await claimProblems(exercise, cases, sandbox, (_, message) => ({ path: '', line: 1, message }))
  return found.map(({ message }) => message)
}

const decided = expect.stringContaining('is decided by the comparisons of what the program returns') as string
const square = { entry: ['square'], reference: 'def square(n): return n * n\n' }
const judged = { ...square, helpers: 'def judge():\n    return square(3) == 9 and square(-2) == 4\n' }

const account = `class Account:
    def __init__(self, owner="Bo"):
        self.owner, self._sums = owner, []
    def add(self, amount):
        self._sums.append(amount)
    @property
    def total(self):
        return sum(self._sums)
    def __getitem__(self, at):
        return self._sums[at]
    def __str__(self):
        return f"{self.owner}: {self.total}"
`
const used: Parts = { kind: 'class', entry: ['Account'], reference: account }

const fooled: [string, Parts][] = [
  ['a helper that compares', { ...judged, tests: [{ call: 'judge()', expect: 'True' }] }],
  ['a call that compares', { ...square, tests: [{ call: 'square(3) == 9', expect: 'True' }] }],
  ['a call of unequal results', { ...square, tests: [{ call: 'square(3) != 8', expect: 'True' }] }],
  ['an assertion', { ...square, tests: [{ steps: [{ do: 'assert abs(square(3) - 9) < 0.5\n' }] }] }],
  ['a membership', { ...square, tests: [{ call: 'square(3) in (8, 9)', expect: 'True' }] }],
  [
    'what a list holds',
    {
      entry: ['f'],
      reference: 'def f(n):\n    return [n, {"a": str(n)}]\n',
      tests: [{ call: 'f(1)[1]["a"].strip() == "1"', expect: 'True' }],
    },
  ],
  [
    'what a generator yields',
    { entry: ['f'], reference: 'def f(n):\n    yield n\n', tests: [{ call: 'list(f(1)) == [1]', expect: 'True' }] },
  ],
  [
    'what a returned function returns',
    {
      entry: ['f'],
      reference: 'def f(n): return lambda m: n + m\n',
      tests: [{ call: 'f(1)(2) == 3', expect: 'True' }],
    },
  ],
  [
    'a date',
    {
      entry: ['f'],
      reference: 'import datetime\ndef f(day): return datetime.date(2024, 1, day)\n',
      tests: [{ call: 'f(2).month == 1', expect: 'True' }],
    },
  ],
  ['an attribute', { ...used, tests: [{ call: 'Account("Al").owner == "Al"', expect: 'True' }] }],
  [
    'a property after some steps',
    { ...used, tests: [{ steps: [{ do: 'a = Account()\na.add(3)\n' }, { call: 'a.total == 3', expect: 'True' }] }] },
  ],
  ['an item', { ...used, tests: [{ steps: [{ do: 'a = Account()\na.add(3)\nassert a[0] == 3\n' }] }] }],
  ['a text', { ...used, tests: [{ call: 'str(Account()) == "Bo: 0"', expect: 'True' }] }],
]

test.each(fooled)('a test that %s decides is refused', async (_, parts) => {
  expect(await problemsOf(parts)).toEqual([decided])
})

test('the test that was fooled is passed by an object that equals everything, the mended one is not', async () => {
  const cheat = 'class A:\n    def __eq__(self, other): return True\ndef square(n): return A()\n'
  const verdictOf = async (parts: Parts): Promise<string> =>
    (await gradeProgram(cheat, exerciseOf(parts), sandbox, { seed: '1' })).verdict
  expect(await verdictOf({ ...judged, tests: [{ call: 'judge()', expect: 'True' }] })).toBe('passed')
  const mended = { ...square, helpers: 'def both():\n    return square(3), square(-2)\n' }
  const tests = [{ call: 'both()', expect: '(9, 4)' }]
  expect(await verdictOf({ ...mended, tests })).toBe('failed')
  expect(await problemsOf({ ...mended, tests })).toEqual([])
})

const clock = `class Clock:
    def __init__(self, hour):
        self.hour = hour % 24
    def __eq__(self, other):
        return isinstance(other, Clock) and self.hour == other.hour
    def later(self, hours):
        return Clock(self.hour + hours)
def noon():
    return Clock(12)
`
const times: Parts = { kind: 'class', entry: ['Clock', 'noon'], reference: clock }
const same = [
  { call: 'Clock(25) == Clock(1)', expect: 'True' },
  { call: 'noon() == Clock(11).later(1)', expect: 'True' },
  { steps: [{ do: 'times = [Clock(1), noon()]\nassert Clock(12) in times\n' }] },
]

test('objects of a class may be compared by its own __eq__, where a test tells them apart', async () => {
  const differing = { call: 'Clock(1) == Clock(2)', expect: 'False' }
  const message = 'objects that equal everything pass every test: add one in which two must differ'
  expect(await problemsOf({ ...times, tests: same })).toContain(message)
  const exercise = exerciseOf({ ...times, tests: [...same, differing] })
  expect((await checkExercise(exercise, sandbox)).problems).toEqual([])
  const honest = `from dataclasses import dataclass
@dataclass
class Clock:
    hour: int
    def __post_init__(self):
        self.hour %= 24
    def later(self, hours):
        return Clock(self.hour + hours)
noon = lambda: Clock(12)
`
  expect((await gradeProgram(honest, exercise, sandbox, { seed: '1' })).verdict).toBe('passed')
  const cheat = `${clock}Clock.__eq__ = lambda self, other: True\n`
  expect((await gradeProgram(cheat, exercise, sandbox, { seed: '1' })).verdict).toBe('failed')
})

test.each<[string, Parts]>([
  [
    'passes results on to the program',
    {
      entry: ['read', 'check'],
      reference: `def read(text):
    return int(text)
def check(number):
    if number > 5:
        raise ValueError("too large")
    return number == 4 or number > 4
`,
      tests: [
        { steps: [{ do: 'n = read("4")\n' }, { call: 'check(n)', expect: 'True' }] },
        { steps: [{ do: 'n = read("6")\n' }, { call: 'check(n)', raises: 'ValueError' }] },
        { call: '[check(n) for n in [read("3"), read("5"), 5, 6 - 1]]', expect: '[False, True, True, True]' },
      ],
    },
  ],
  [
    'looks at what is printed and at files',
    {
      entry: ['say'],
      reference: 'def say(n):\n    print("said", n)\n    return n\n',
      tests: [{ call: 'say(3)', expect: '3', stdout: 'said 3\n' }, { steps: [{ do: 'say(2)\n', stdout: 'said 2\n' }] }],
    },
  ],
  [
    'loops until the program says that it is done',
    {
      ...used,
      reference: `${account}    def done(self):\n        return len(self._sums) > 2\n`,
      tests: [
        { steps: [{ do: 'a = Account()\nwhile not a.done():\n    a.add(2)\n' }, { call: 'a.total', expect: '6' }] },
      ],
    },
  ],
  [
    'has names of builtins',
    { entry: ['len'], reference: 'def len(x): return 3\n', tests: [{ call: 'len(1)', expect: '3' }] },
  ],
])('a test that %s is not said to be decided by comparisons', async (_, parts) => {
  expect(await problemsOf(parts)).toEqual([])
})
