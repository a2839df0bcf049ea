import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram } from '../grade/grade.ts'
import { importTests } from './import-tests.ts'
import { type Exercise, exerciseFrom } from './parse-exercise.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const read = async (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, 'unit-tests', `${name}.py`), 'utf8')

async function exerciseOf(source: string, reference: string, known = true): Promise<[Exercise, string[]]> {
  const parts = { source, reference: known ? reference : undefined, referenceFile: 'reference.py' }
  const { text, skipped } = await importTests(parts, sandbox)
  const parsed = await exerciseFrom(text, 'exercise.yaml', async () => reference)
  if ('problems' in parsed) throw new Error(`${JSON.stringify(parsed.problems)}\n${text}`)
  return [parsed.exercise, skipped.map(({ line, message }) => `${line}: ${message}`)]
}

/** Wrong programs: the right one with a part of it replaced. */
const mutants: Record<string, [string, string][]> = {
  bank_account: [
    ['"account not open"', '"not open"'],
    ['        self.balance = 0\n\n    def close', '\n    def close'],
    ['amount > self.balance', 'amount > 99'],
    ['if amount <= 0:\n            raise ValueError("amount must be greater than 0")\n        if', 'if'],
    ['raise ValueError("account already open")', 'return'],
  ],
  zebra_puzzle: [['"Japanese"', '"Ukrainian"']],
  grade_school: [
    ['(self.students[name], name)', '(-self.students[name], name)'],
    ['name not in self.students', 'True'],
    ['grade == number', 'True'],
    ['.append(fits)', '.append(1 - fits)'],
  ],
  robot_simulator: [
    ['(self.direction + 1) % 4', '(self.direction + 1)'],
    ['EAST: (1, 0)', 'EAST: (-1, 0)'],
    ['NORTH: (0, 1)', 'NORTH: (0, 2)'],
  ],
  linked_list: [
    ['"The list is empty."', '"empty"'],
    ['raise EmptyListException(', 'raise IndexError('],
    ['self.values.pop()', 'self.values.pop(0)'],
    ['return self.values == other.values', 'return True'],
    ['return len(self.values)', 'return len(self.values) or 1'],
  ],
  meetup: [
    ['13 <= day <= 19', '15 <= day <= 21'],
    ['days[-1]', 'days[0]'],
    ['"That day does not exist."', '"no such day"'],
    ['return date(year, month, days[place])', 'return date(year, month, days[place]).isoformat()'],
  ],
  clock: [
    ['return self.minutes == other.minutes', 'return True'],
    ['% MINUTES', '% (MINUTES * 2)'],
    ['24 * 60', '24 * 60.5'],
    ['"Clock({', '"Clock(0{'],
  ],
  temperature: [
    ['+ 32', '+ 31'],
    ['text.strip()', 'text'],
    ['{text!r}', '{text}'],
    ['return None', 'return 0'],
    ['sum(values) / len(values)', 'sum(values) / len(values) + 0.002'],
  ],
  shop: [
    ['* discount()', ''],
    ['{count} x {name}', '{name} x {count}'],
    ['{count * price:.2f}', '{count * price}'],
    ['return len(self.items)', 'return 1'],
    ['{name for name, _, _', '{"pear" for name, _, _'],
  ],
  dice: [
    ['random.randint(1, 6)', '6'],
    ['random.randint(1, 6)', 'random.randint(1, 3) + 4'],
    ['rolls {count} dice', 'rolls {count}'],
    ['time.time()', '0'],
  ],
  statistics_tools: [
    ['sorted(values)\n    middle', 'values\n    values.sort()\n    middle'],
    ['/ len(values)\n\n\ndef classify', '/ (len(values) - 1)\n\n\ndef classify'],
    ['"high" if value > 7 else None', '"high" if value > 7 else "mid"'],
    ['range(2, limit)', 'range(1, limit)'],
    ['"empty separator"', '"no separator"'],
    ['return tuple(', 'return list('],
    ['self.values[-1]', 'str(self.values[-1])'],
  ],
  circular_buffer: [
    ['raise BufferEmptyException(', 'raise BufferError('],
    ['"Circular buffer is empty"', '"empty"'],
    ['raise BufferFullException("Circular buffer is full")', 'return'],
    ['            self.items.pop(0)\n', '            self.items.pop()\n'],
    ['        self.items = []\n', '        pass\n'],
  ],
  courier: [
    ['len(self.delivered)', '1'],
    ['raise Lost(f"{self.name} has nothing to deliver")', 'return len(self.delivered)'],
    ['log.warning("%s lost a parcel", self.name)', 'pass'],
    ['        await asyncio.sleep(wait)\n', '        log.error("late")\n'],
    ['self.is_open = True', 'self.is_open = False'],
    ['*_):\n        self.is_open = False', '*_):\n        pass'],
    ['max(counts)', 'min(counts)'],
  ],
  journal: [
    ['len(self.entries) == self.size', 'len(self.entries) + 1 == self.size'],
    ['raise OverflowError("the journal is full")', 'raise OverflowError("full")'],
    ['"an entry has a text"', '"no text"'],
    ['raise ValueError("an entry has a text")', 'return 0'],
    ['        if not text:', '        if not text:\n            self.entries.append(Entry(""))'],
    ['self.readers -= 1', 'pass'],
    ['self.readers += 1', 'self.readers = 1'],
    ['    for text in texts:\n        journal.write(text)\n', '    journal.write(texts[0])\n'],
  ],
  robot_name: [
    ['range(2))', 'range(3))'],
    ['self.name = name', 'self.name = name.lower()'],
    ['            if name not in used:\n                break', '            break'],
    ['            letters = ', '            random.seed(1)\n            used.clear()\n            letters = '],
  ],
}

test.each(Object.keys(mutants))('the tests of %s pass right programs and fail wrong ones', async name => {
  const [source, right] = await Promise.all([read(`${name}_test`), read(name)])
  const [exercise, skipped] = await exerciseOf(source, right)
  expect(skipped).toEqual([])
  const judged = await gradeProgram(right, exercise, sandbox, { seed: '1', detail: 'verdict' })
  expect(judged.tests.filter(({ passed }) => !passed)).toEqual([])
  const survivors: string[] = []
  for (const [from, to] of mutants[name] ?? []) {
    const wrong = right.replace(from, to)
    expect(wrong).not.toBe(right)
    const { verdict } = await gradeProgram(wrong, exercise, sandbox, { seed: '1', detail: 'verdict' })
    if (verdict === 'passed') survivors.push(`${from} -> ${to}`)
  }
  expect(survivors).toEqual([])
})

test.each(Object.keys(mutants))('without a solution the tests of %s pass right programs, too', async name => {
  const [source, right] = await Promise.all([read(`${name}_test`), read(name)])
  const [exercise] = await exerciseOf(source, right, false)
  const judged = await gradeProgram(right, exercise, sandbox, { seed: '1', detail: 'verdict' })
  expect(judged.tests.filter(({ passed }) => !passed)).toEqual([])
})

test('what cannot be said is listed with its line, and the other tests are imported', async () => {
  const source = `import unittest, asyncio
import square
import numpy

class T(unittest.TestCase):
    def test_fine(self):
        self.assertEqual(square.square(2), 4)

    def test_warning(self):
        with self.assertWarns(UserWarning):
            square.square(2)

    @unittest.skip("later")
    def test_later(self):
        self.assertEqual(square.square(2), 5)

    def test_endless(self):
        while True:
            self.assertEqual(square.square(2), 4)

    async def test_async(self):
        self.assertEqual(square.square(2), 4)

    def test_several(self):
        with self.assertRaises((TypeError, ValueError)):
            square.square("a")

    def test_until_it_is_large(self):
        n = 2
        while n < 100:
            n = square.square(n)
            self.assertEqual(n % 2, 0)

    def test_any(self):
        try:
            square.square("a")
        except TypeError as error:
            self.assertIn("multiply", str(error))

    def test_maybe(self):
        if square.square(2) > 3:
            self.assertEqual(square.square(3), 9)

    def test_first(self):
        for n in [1, 2, 3]:
            if n == 2:
                break
            self.assertEqual(square.square(n), 1)

    def test_quiet(self):
        with unittest.mock.patch.dict("os.environ", {"A": "1"}):
            self.assertEqual(square.square(2), 4)

    async def test_stream(self):
        async for n in square.stream():
            self.assertEqual(n, 4)

    async def test_in_time(self):
        async with asyncio.timeout(1):
            self.assertEqual(square.square(2), 4)

    def test_caught(self):
        try:
            square.square("a")
            self.fail("no exception")
        except Exception:
            self.assertEqual(1, 1)
`
  const [exercise, skipped] = await exerciseOf(source, 'def square(n): return n * n\n')
  expect(exercise.tests).toEqual([{ call: 'square.square(2)', expect: '4', note: 'fine' }])
  expect(skipped).toEqual([
    '3: numpy is imported as well, but an exercise has one program',
    '10: warning: self.assertWarns cannot be said',
    '13: test_later: unittest.skip',
    '18: endless: assertions inside a `while` that ends in the middle or never',
    '25: several: one of several exceptions, (TypeError, ValueError)',
    '30: until it is large: assertions inside a `while` whose end depends on the program',
    '35: any: a `try` whose test passes whether it raises or not',
    '41: maybe: assertions inside an `if` that depends on the program',
    '45: first: assertions inside a loop that goes on or ends in the middle',
    '51: quiet: assertions inside `with unittest.mock.patch.dict`',
    '55: test_stream: assertions inside `async for`',
    '59: test_in_time: assertions inside `async with asyncio.timeout(1)`',
    '63: caught: a `try` that also catches that the test has failed',
  ])
})

test.each([
  ['no Python', 'def test_(:\n', /cannot be read as Python/],
  ['no test', 'import unittest\n', /no test that an exercise can say/],
])('a file with %s is refused', async (_, source, message) => {
  await expect(importTests({ source, referenceFile: 'reference.py' }, sandbox)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(message) as string,
  })
})

test('a cheat that equals everything fails where results are data', async () => {
  const [exercise] = await exerciseOf(await read('statistics_tools_test'), await read('statistics_tools'))
  const cheat = `class Always(int):
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = __eq__
    def __getattr__(self, name): return self
    def __call__(self, *a): return self
    def __iter__(self): return iter([self])
Summary = median = variance = classify = primes = split = lambda *a: Always()
`
  const { tests } = await gradeProgram(cheat, exercise, sandbox, { seed: '1', detail: 'verdict' })
  expect(tests.filter(({ passed }) => passed)).toEqual([])
})
