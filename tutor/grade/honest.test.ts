import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram, type Judgement } from './grade.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { noteText } from '../feedback/texts.ts'
import { exerciseOf } from '../test-exercise.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const grade = async (code: string, exercise: Exercise): Promise<Judgement> =>
  gradeProgram(code, exercise, sandbox, { seed: '1', searchMs: 60_000 })

const evens = exerciseOf({
  entry: ['evens'],
  reference: 'def evens(items):\n    return [item for item in items if item % 2 == 0]\n',
  alternatives: ['def evens(items):\n    return list(filter(lambda item: item % 2 == 0, items))\n'],
  tests: [
    { call: 'evens([1, 2, 3, 4])', expect: '[2, 4]' },
    { call: 'evens([])', expect: '[]' },
    { call: 'evens([7, 12, 31, 44, 58, 90])', expect: '[12, 44, 58, 90]' },
    { call: 'evens([-2, -1])', expect: '[-2]', hidden: true },
  ],
})
const right = 'def evens(items):\n    return [item for item in items if not item % 2]\n'

test.each([
  ['prints beside its result', right.replace('    return', '    print("working", items)\n    return')],
  [
    'asks for input under a main guard',
    `${right}\nif __name__ == "__main__":\n    print(evens([int(input("number? "))]))\n`,
  ],
  ['runs code at the top', `${right}\nprint(evens([1, 2]))\nfor item in range(3):\n    evens([item])\n`],
  [
    'defines other names and a main of its own',
    `LIMIT = 2\n\n\ndef helper(n):\n    return n % LIMIT\n\n\n${right.replace('item % 2', 'helper(item)')}\n\ndef main():\n    evens([1])\n\n\nmain()\n`,
  ],
  [
    'has type hints',
    'from __future__ import annotations\nfrom typing import Iterable\n\ndef evens(items: Iterable[int]) -> list[int]:\n    found: list[int] = [i for i in items if i % 2 == 0]\n    return found\n',
  ],
  ['binds a lambda', 'evens = lambda items: [i for i in items if i % 2 == 0]\n'],
  [
    'binds a partial',
    'from functools import partial\n\ndef pick(rest, items):\n    return [i for i in items if i % 2 == rest]\n\nevens = partial(pick, 0)\n',
  ],
  [
    'is a class that can be called',
    'class Evens:\n    def __call__(self, items):\n        return [i for i in items if i % 2 == 0]\n\nevens = Evens()\n',
  ],
  [
    'is a class that is its result',
    'class evens(list):\n    def __init__(self, items):\n        super().__init__(i for i in items if i % 2 == 0)\n',
  ],
  [
    'is decorated',
    'from functools import wraps\n\ndef logged(f):\n    @wraps(f)\n    def inner(*args):\n        return f(*args)\n    return inner\n\n@logged\ndef evens(items):\n    return [i for i in items if i % 2 == 0]\n',
  ],
  [
    'recurses',
    'def evens(items):\n    if not items:\n        return []\n    first, *rest = items\n    return ([first] if first % 2 == 0 else []) + evens(rest)\n',
  ],
  [
    'uses walrus and match',
    'def evens(items):\n    found = []\n    for item in items:\n        match (rest := item % 2):\n            case 0:\n                found.append(item)\n            case _:\n                pass\n    return found\n',
  ],
  [
    'shadows builtins',
    'list = [].__class__\nsum = 3\n\ndef evens(items):\n    max = list()\n    for min in items:\n        if min % 2 == 0:\n            max.append(min)\n    return max\n',
  ],
  ['raises the recursion limit', `import sys\nsys.setrecursionlimit(5000)\n${right}`],
  ['begins with a byte order mark and ends its lines as Windows does', `\uFEFF${right.replaceAll('\n', '\r\n')}`],
])('a right program that %s passes', async (_, code) => {
  expect(await grade(code, evens)).toMatchObject({ verdict: 'passed', score: 1 })
})

test.each([
  [
    'a generator',
    'def evens(items):\n    for item in items:\n        if item % 2 == 0:\n            yield item\n',
    'a generator is returned where a list is expected',
  ],
  [
    'a filter',
    'def evens(items):\n    return filter(lambda item: item % 2 == 0, items)\n',
    'a filter is returned where a list is expected',
  ],
  [
    'a coroutine',
    'async def evens(items):\n    return [item for item in items if item % 2 == 0]\n',
    'a coroutine is returned where a list is expected',
  ],
  [
    'a tuple',
    'def evens(items):\n    return tuple(item for item in items if item % 2 == 0)\n',
    'a tuple is never equal to a list in Python',
  ],
])('%s instead of a list fails, and the note says what it is', async (_, code, note) => {
  const { verdict, notes } = await grade(code, evens)
  expect(verdict).toBe('failed')
  expect(notes.map(one => noteText(one)).join('\n')).toContain(note)
})

test('calls and expectations are any expressions, with a prelude that imports and defines', async () => {
  const bag = exerciseOf({
    kind: 'class',
    entry: ['Bag'],
    prelude: 'import math\nfrom collections import Counter\nRATE = 1.5\n',
    reference:
      'class Bag:\n    def __init__(self, items):\n        self.items = Counter(items)\n    def count(self, item):\n        return self.items[item]\n    def worth(self):\n        return RATE * sum(self.items.values())\n    def __len__(self):\n        return sum(self.items.values())\n',
    tests: [
      { call: '[Bag("abca").count(letter) for letter in "abz"]', expect: '[2, 1, 0]' },
      {
        call: '(lambda bag: (len(bag), bag.worth() > math.pi, {"a": bag.count("a")}))(Bag("aab"))',
        expect: '(3, True, dict(a=2))',
      },
      { call: '{*Bag("aab").items} | {frozenset({1})}', expect: '{"a", "b"} | {frozenset([True])}' },
      { call: 'Bag("aab").worth()', expect: '3 * RATE', tolerance: 1e-9 },
      { call: 'Bag([[]])', raises: 'TypeError' },
    ],
  })
  expect(await grade(bag.reference, bag)).toMatchObject({ verdict: 'passed' })
  expect(await grade(bag.reference.replace('RATE * sum', 'RATE - sum'), bag)).toMatchObject({ verdict: 'failed' })
})

test('a wrong program is told the smallest input it fails, judged by the reference', async () => {
  const { smallest_failing: smallest } = await grade(
    'def evens(items):\n    return [item for item in items if item % 2 == 0 and item < 50]\n',
    evens,
  )
  expect(smallest).toEqual({
    call: expect.stringMatching(/^evens\(\[[5-9]\d\]\)$/),
    hidden: false,
    got: '[]',
    expected: expect.any(String),
  })
  const none = await grade(
    'def evens(items):\n    return None if not items else [item for item in items if item % 2 == 0]\n',
    evens,
  )
  expect(none.smallest_failing).toMatchObject({ call: 'evens([])', got: 'None', expected: '[]' })
  expect((await grade(right, evens)).smallest_failing).toBeUndefined()
  expect((await grade('def evens(items)\n', evens)).smallest_failing).toBeUndefined()
})

test('what only a hidden test shows, or an input that no right program agrees on, is not shown', async () => {
  const half = exerciseOf({
    entry: ['half'],
    reference: 'def half(n):\n    return n // 2\n',
    alternatives: ['def half(n):\n    return int(n / 2)\n'],
    tests: [
      { call: 'half(8)', expect: '4' },
      { call: 'half(-6)', expect: '-3' },
      { call: 'half(1000)', expect: '500', hidden: true },
    ],
  })
  // For negative odd numbers the two right programs differ.
  expect((await grade('def half(n):\n    return round(n / 2) if n > 0 or n % 2 == 0 else 99\n', half)).verdict).toBe(
    'passed',
  )
  const { smallest_failing: smallest } = await grade('def half(n):\n    return n // 2 if n != 1000 else 0\n', half)
  expect(smallest).toMatchObject({ call: 'half(1000)', hidden: true })
})
