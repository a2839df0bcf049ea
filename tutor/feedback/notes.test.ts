import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { bankFolder } from '../exercise/bank.ts'
import { gradeProgram } from '../grade/grade.ts'
import { type Exercise, readExercise } from '../exercise/parse-exercise.ts'
import { noteText } from './texts.ts'
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

const notes = async (code: string, exercise: Exercise): Promise<string[]> =>
  (await gradeProgram(code, exercise, sandbox, { seed: '3' })).notes.map(note => noteText(note))

const largest = exerciseOf({
  entry: ['largest'],
  reference: 'def largest(items): return max(items)',
  tests: [
    { call: 'largest([3, 1, 2])', expect: '3' },
    { call: 'largest([1, 2, 9, 4])', expect: '9' },
    { call: 'largest([-5, -7])', expect: '-5', hidden: true },
  ],
})
const upTo = exerciseOf({
  entry: ['up_to'],
  reference: 'def up_to(n): return list(range(1, n + 1))',
  tests: [
    { call: 'up_to(3)', expect: '[1, 2, 3]' },
    { call: 'up_to(5)', expect: '[1, 2, 3, 4, 5]' },
    { call: 'up_to(4)', expect: '[1, 2, 3, 4]' },
  ],
})
const even = exerciseOf({
  entry: ['even'],
  reference: 'def even(n): return n % 2 == 0',
  tests: [
    { call: 'even(3)', expect: 'False' },
    { call: 'even(4)', expect: 'True' },
  ],
})
const mean = exerciseOf({
  entry: ['mean'],
  reference: 'def mean(xs): return sum(xs) / len(xs)',
  tests: [
    { call: 'mean([1, 2])', expect: '1.5' },
    { call: 'mean([2, 3, 4, 5])', expect: '3.5' },
  ],
})

test.each([
  [
    'prints for return',
    largest,
    'def largest(items):\n    print(max(items))',
    'it prints the result instead of returning it',
  ],
  [
    'no return',
    largest,
    'def largest(items):\n    found = max(items)',
    'it returns None: a way through the function ends without a return, or returns nothing',
  ],
  [
    'text for a number',
    largest,
    'def largest(items):\n    return str(max(items))',
    'it returns the result as text, not as an int',
  ],
  [
    'one too large',
    largest,
    'def largest(items):\n    return max(items) + 1',
    'its result is one too large: something may be off by one',
  ],
  ['a list around it', largest, 'def largest(items):\n    return [max(items)]', 'it returns the result inside a list'],
  [
    'a function for its result',
    largest,
    'def largest(items):\n    return items.sort',
    'it returns a function instead of calling it: parentheses are missing',
  ],
  ['the same always', largest, 'def largest(items):\n    return 17', 'it returns the same whatever it is given'],
  [
    'the last item missing',
    upTo,
    'def up_to(n): return list(range(1, n))',
    'the last item is missing: a loop or a slice may end too early',
  ],
  ['another order', upTo, 'def up_to(n): return list(range(n, 0, -1))', 'the order is reversed'],
  [
    'a tuple for a list',
    upTo,
    'def up_to(n): return tuple(range(1, n + 1))',
    'up_to(3): a tuple is never equal to a list in Python',
  ],
  [
    'a return too early',
    upTo,
    'def up_to(n):\n    found = []\n    for i in range(1, n + 1):\n        found.append(i)\n        return found',
    'the return on line 5 ends the loop in its first turn',
  ],
  [
    'the opposite',
    even,
    'def even(n): return n % 2 == 1',
    'it answers the opposite: True where False is expected and the other way round',
  ],
  [
    'a lost fraction',
    mean,
    'def mean(xs): return sum(xs) // len(xs)',
    'its result lost its fraction: / keeps it, // and int() cut it off',
  ],
  ['another name', even, 'def Even(n): return n % 2 == 0', 'the program must define even; it defines Even'],
  [
    'too few parameters',
    even,
    'def even(): return True',
    'its parameters do not fit the call: even() takes 0 positional arguments but 1 was given',
  ],
])('%s is named', async (_, exercise, code, note) => {
  expect(await notes(code, exercise)).toContain(note)
})

test.each([
  [
    'a prompt',
    'n = int(input("Number? "))\nprint(n * n)',
    'something is printed besides the result; the prompt of input() counts as output too',
  ],
  ['nothing', 'n = int(input())\nn * n', 'it prints nothing'],
  [
    'words around the number',
    'n = int(input())\nprint("The square is", n * n)',
    'something is printed besides the result; the prompt of input() counts as output too',
  ],
  ['more after it', 'n = int(input())\nprint(n * n, "is it")', 'the numbers are right, the text around them is not'],
])('%s in an output is named', async (_, code, note) => {
  expect(await notes(code, squareOfInput)).toContain(note)
})

test('a program that does what a named mistake does is told its name', async () => {
  expect(await notes('def square(number):\n    result = number * 2\n    return result', square)).toContain(
    'it behaves like a known mistake: doubles-instead-of-squaring',
  )
})

test('changing the argument is noted in a right program, unless the exercise is about that', async () => {
  const code = 'def largest(items):\n    items.sort()\n    return items[-1]'
  expect(await notes(code, largest)).toEqual([
    "largest changes what it is given: line 2 changes items, and the caller's own object with it",
  ])
  expect(
    await notes('def largest(items):\n    items = sorted(items)\n    items.sort()\n    return items[-1]', largest),
  ).toEqual([])
  const inPlace = exerciseOf({
    entry: ['order'],
    reference: 'def order(x):\n    x.sort()\n    return x',
    tests: [{ call: 'order([2, 1])', expect: '[1, 2]' }],
  })
  expect(await notes('def order(a):\n    a[:] = sorted(a)\n    return a', inPlace)).toEqual([])
})

test('no note tells the value of a hidden test', async () => {
  const secret = exerciseOf({
    entry: ['f'],
    reference: 'def f(x): return x',
    tests: [
      { call: 'f(7)', expect: '7' },
      { call: 'f(987654)', expect: '987654', hidden: true },
    ],
  })
  for (const code of [
    'def f(x): return float(x)',
    'def f(x): return [x]',
    'def f(x): return x if x < 9 else x + 1',
    'def f(x): raise KeyError(x)',
  ])
    expect((await notes(code, secret)).join()).not.toMatch(/98765/)
})

test('a right program gets no note', async () => {
  expect(await notes(largest.reference, largest)).toEqual([])
  expect(await notes(squareOfInput.reference, squareOfInput)).toEqual([])
})

test('a program that gives one value in some tests and ends with an error in others does not always give the same', async () => {
  const calls = ['up_to(3)', 'up_to(5)', 'up_to(4)', 'up_to(-1)'].map(call => ({
    call,
    expect: `list(range(1, ${call.slice(6, -1)} + 1))`,
  }))
  const exercise = { ...upTo, tests: calls } as Exercise
  const constant = 'def up_to(n): return [n * 0 + 7]'
  const said = async (code: string): Promise<string[]> =>
    (await gradeProgram(code, exercise, sandbox, { seed: '3' })).notes.map(({ code: one }) => one)
  expect(await said(constant)).toContain('value-constant')
  expect(await said(`${constant} if n > 0 else [][n]`)).not.toContain('value-constant')
})

test('a wrong type is told once, although a hidden test does not name a type that the program could have made up', async () => {
  const code = 'from collections import deque\ndef up_to(n): return deque(range(1, n + 1))\n'
  const [first, ...others] = upTo.tests
  const hiding = { ...upTo, tests: [first, ...others.map(one => ({ ...one, hidden: true }))] as Exercise['tests'] }
  expect((await notes(code, hiding)).filter(text => text.includes('expected'))).toEqual([
    'up_to(3): an object of type deque is returned where a list is expected',
  ])
})

test.each(['[].pop()', 'set().pop()', 'sys.modules["collections"].deque().pop()'])(
  '%s is taken from nothing',
  async taken => {
    const { notes: found } = await gradeProgram(
      `import sys, collections\ndef square(n):\n    return ${taken}`,
      square,
      sandbox,
      {
        seed: '3',
      },
    )
    expect(found.map(({ code }) => code)).toContain('error-nothing-in-it')
  },
)
