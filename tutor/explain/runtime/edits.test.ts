import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { explainRuntime } from './explain-runtime.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const lines = (...all: string[]): string => `${all.join('\n')}\n`

/** Programs, the line of the edit and what it writes there. */
const edited: [program: string, line: number, written: string][] = [
  [
    lines('phone = {"mum": 1}', 'total = 0', 'for who in ["mum", "dad"]:', '    total += phone[who]'),
    4,
    'phone.get(who, 0)',
  ],
  [lines('phone = {"mum": 1}', 'print(phone["boss"])'), 2, 'if "boss" in phone:\n    print(phone["boss"])'],
  [lines('def mean(xs):', '    return sum(xs) / len(xs)', 'print(mean([]))'), 2, 'sum(xs) / len(xs) if xs else 0'],
  [lines('def share(a, b):', '    return 1 + a / b', 'print(share(1, 0))'), 2, '(a / b if b else 0)'],
  [lines('a = [1, 2]', 'i = 0', 'while a[i] != 9:', '    i += 1'), 3, 'i < len(a) and a[i] != 9'],
  [
    lines('def top(xs):', '    best = xs[0]', '    return best', 'print(top([]))'),
    2,
    '    if not xs:\n        return None\n',
  ],
  [lines('pile = [1]', 'while True:', '    pile.pop()'), 2, 'pile'],
  [lines('row = ["a"]', 'for i in range(2):', '    row.pop()'), 3, 'if row:\n        row.pop()'],
  [lines('words = ["a"]', 'words.remove("b")'), 2, 'if "b" in words:\n    words.remove("b")'],
  [lines('words = ["a"]', 'at = words.index("b")', 'print(at)'), 2, 'words.index("b") if "b" in words else -1'],
  [lines('import re', 'm = re.search("x", "abc")', 'print(m.group())'), 3, 'if m is not None:\n    print(m.group())'],
  [
    lines(
      'class Box:',
      '    def __init__(self):',
      '        items = []',
      '    def put(self, x):',
      '        self.items.append(x)',
      'Box().put(1)',
    ),
    3,
    'self.items',
  ],
  [
    lines(
      'class Cat:',
      '    def __init__(self, name):',
      '        self.name = name',
      '    def meow(self):',
      '        self.count += 1',
      'Cat("a").meow()',
    ),
    3,
    '\n        self.count = 0',
  ],
  [lines('def fact(n):', '    return n * fact(n - 1)', 'print(fact(4))'), 2, '    if n <= 1:\n        return 1\n'],
  [
    lines('def total(xs):', '    return xs[0] + total(xs[1:])', 'print(total([1, 2]))'),
    2,
    '    if not xs:\n        return 0\n',
  ],
  [lines('rows = [[1], [1]]', 'print(len(set(rows)))'), 2, 'map(tuple, rows)'],
  [lines('seen = {}', 'place = [1]', 'seen[place] = 1'), 3, 'tuple(place)'],
  [lines('def greet(who, greeting):', '    print(greeting + who)', 'greet("bo")'), 1, "=''"],
  [lines('def fill(xs):', '    xs.append(1)', 'xs = fill([])', 'print(len(xs))'), 2, '\n    return xs'],
  [
    lines('for part in ["a=1", "b"]:', '    k, v = part.split("=")', '    print(k, v)'),
    2,
    '    if len(part.split("=")) != 2:\n        continue\n',
  ],
  [lines('n = int("three")', 'print(n)'), 1, 'try:\n    n = int("three")\nexcept ValueError:\n    n = 0'],
  [
    lines('with open("none.txt") as f:', '    print(f.read())'),
    1,
    'try:\n    with open("none.txt") as f:\n        print(f.read())\nexcept FileNotFoundError:\n    print("There is no such file.")',
  ],
  [lines('n = "3"', 'for i in range(n):', '    print(i)'), 2, 'int(n)'],
  [lines('print("%d of us" % "three")'), 1, '"%s of us"'],
  [
    lines('def outer():', '    n = 0', '    def up():', '        n += 1', '    up()', '    return n', 'print(outer())'),
    4,
    '        nonlocal n\n',
  ],
]

test.each(edited)('a concrete edit for %j', async (program, line, written) => {
  const { edit } = await explainRuntime(sandbox, program)
  expect(edit).toMatchObject({ line, new: written })
})

test('no condition is put before an assignment, whose name would then have no value', async () => {
  const { edit } = await explainRuntime(sandbox, lines('d = {"a": 1}', 'n = d["b"]', 'print(n + 1)'))
  expect(edit?.new).toBe('d.get("b", 0)')
})

test('what does not fit is told of the item and not of the list that holds it', async () => {
  const pairs = await explainRuntime(
    sandbox,
    lines('data = [("a", 1), ("b", 2, 3)]', 'for k, v in data:', '    print(k)'),
  )
  expect(pairs.cause).toContain('2 names are to be filled, but an item of `data` holds 3 values.')
  expect(pairs.edit?.new).not.toContain('enumerate')
  const rows = await explainRuntime(sandbox, lines('rows = [[1], [2]]', 'print(set(rows))'))
  expect(rows.cause).toContain('An item of `rows` is a list')
  const box = lines('class Box:', '    def put(self, x):', '        self.items.append(x)', 'Box().put(1)')
  expect((await explainRuntime(sandbox, box)).class).toBe('attribute-missing')
})

test('the value that the error itself tells is among the values', async () => {
  const none = lines('def double(x):', '    print(x * 2)', 'print(double(3) + 1)')
  expect((await explainRuntime(sandbox, none)).values).toEqual({ 'double(3)': 'None' })
  const word = await explainRuntime(sandbox, 'age = int(input("Age? "))\n', { stdin: 'ten\n' })
  expect(word.values).toEqual({ 'input("Age? ")': "'ten'" })
})
