import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { openBank } from '../exercise/bank.ts'
import { factsOf } from '../program/facts.ts'
import { gradeProgram } from '../grade/grade.ts'
import { meaningOf } from './exception-feedback.ts'
import { specialInput } from './edge-cases.ts'
import { noteText } from './texts.ts'
import { exerciseOf } from '../test-exercise.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

type Tests = NonNullable<Parameters<typeof exerciseOf>[0]['tests']>
const notesOn = async (code: string, tests: Tests): Promise<string> =>
  (
    await gradeProgram(code, exerciseOf({ entry: ['f'], kind: 'file', tests }), sandbox, { seed: '1', detail: 'notes' })
  ).notes
    .map(note => noteText(note))
    .join('\n')
const calls = (...pairs: [string, string][]): Tests => pairs.map(([call, expected]) => ({ call, expect: expected }))

test.each<[string, string, Tests]>([
  ['text and numbers are mixed', 'print(input() + 1)', [{ stdin: '1', stdout: '2' }]],
  [
    'the default on line 1 is made once',
    'def f(x, seen=[]):\n    seen.append(x)\n    return seen',
    calls(['[f(1), f(2)]', '[[1], [2]]']),
  ],
  [
    'belongs to the class',
    'class f:\n    items = []\n    def add(self, x): self.items.append(x)',
    calls(['[a := f(), b := f(), a.add(1), len(b.items)][3]', '0']),
  ],
  ['line 2 makes a new text and does not keep it', 'def f(s):\n    s.strip()\n    return s', calls(['f(" a")', '"a"'])],
  [
    'is always true',
    'def f(s):\n    if s == "a" or "b":\n        return 1\n    return 0',
    calls(['f("a")', '1'], ['f("c")', '0']),
  ],
  ['keeps the result of a method', 'def f(s):\n    s = s.sort()\n    return s', calls(['f([2, 1])', '[1, 2]'])],
  ['does not use one of its parameters', 'def f(a, b):\n    return a * a', calls(['f(2, 3)', '6'], ['f(4, 1)', '4'])],
  [
    'does nothing with the result',
    'def f(n):\n    if n > 9:\n        f(n // 10)\n    return n',
    calls(['f(1234)', '1']),
  ],
  [
    'goes through what it changes',
    'def f(xs):\n    for x in xs:\n        if x < 0: xs.remove(x)\n    return xs',
    calls(['f([-1, -2, 3])', '[3]']),
  ],
  [
    'it does not raise ValueError where it should: a check is missing',
    'def f(n): return n',
    [{ call: 'f(-1)', raises: 'ValueError' }],
  ],
  [
    'an except catches too much',
    'def f(n):\n    try:\n        raise ValueError\n    except:\n        pass',
    [{ call: 'f(-1)', raises: 'ValueError' }],
  ],
  [
    'it returns the error instead of raising it',
    'def f(n): return ValueError("no")',
    [{ call: 'f(-1)', raises: 'ValueError' }],
  ],
  [
    'it raises KeyError where ValueError is expected',
    'def f(n): return {}[n]',
    [{ call: 'f(-1)', raises: 'ValueError' }],
  ],
  ['an index goes beyond the end', 'def f(xs): return xs[len(xs)]', calls(['f([1, 2])', '2'])],
  [
    'it says True where False is expected',
    'def f(n): return n >= 0',
    calls(['f(0)', 'False'], ['f(1)', 'True'], ['f(-1)', 'False']),
  ],
  ['append() adds one thing', 'def f(a, b):\n    a.append(b)\n    return a', calls(['f([1], [2, 3])', '[1, 2, 3]'])],
  [
    'another number of digits',
    'def f(n): return f"{n} EUR"',
    calls(['f(2.5)', '"2.50 EUR"'], ['f(10.0)', '"10.00 EUR"']),
  ],
  ['zeros before a number are missing', 'def f(h, m): return f"{h}:{m}"', calls(['f(9, 5)', '"09:05"'])],
  [
    'its result is 100 times too large: look at the units',
    'def f(n): return n',
    calls(['f(250)', '2.5'], ['f(1700)', '17']),
  ],
  [
    'its result is one too large',
    'def f(xs): return [[x + 1 for x in xs]]',
    calls(['f([1, 5])', '[[1, 5]]'], ['f([2])', '[[2]]']),
  ],
  ['always too large by the same amount', 'def f(n): return n + 10', calls(['f(1)', '1'], ['f(5)', '5'])],
  [
    'it is wrong for empty input only',
    'def f(xs): return sum(xs) if xs else 7',
    calls(['f([])', '0'], ['f([1])', '1'], ['f([2, 3])', '5'], ['f([4])', '4']),
  ],
  ['it does not write the file that is asked for', 'print("hi")', [{ stdin: '', writes: { 'a.txt': 'hi' } }]],
  [
    'only blanks or line ends differ',
    'open("a.txt", "w").write("a b")',
    [{ stdin: '', writes: { 'a.txt': 'a\nb\n' } }],
  ],
])('%s', async (wanted, code, tests) => {
  expect(await notesOn(code, tests)).toContain(wanted)
})

test('a drawing is not said to differ in punctuation, and one failed test of many kinds names none', async () => {
  expect(await notesOn('print("+--+")', [{ stdin: '', stdout: '+----+' }])).not.toContain('punctuation')
  expect(
    specialInput([
      { input: '([], 0)', passed: false },
      ...['(1)', '(2)', '(3)'].map(input => ({ input, passed: true })),
    ]),
  ).toBeUndefined()
  expect(
    specialInput([{ input: '(0)', passed: false }, ...['(1)', '(0)', '(3)'].map(input => ({ input, passed: true }))]),
  ).toBeUndefined()
})

test('errors of older and newer Pythons mean the same', () => {
  const old = { type: 'TypeError', message: 'must be str, not int', traceback: '' }
  expect(meaningOf(old)).toEqual(meaningOf({ ...old, message: 'can only concatenate str (not "int") to str' }))
  expect(meaningOf({ type: 'ValueError', message: 'max() arg is an empty sequence', traceback: '' })).toEqual(
    meaningOf({ type: 'ValueError', message: 'max() iterable argument is empty', traceback: '' }),
  )
})

test('of the right programs of the bank hardly one looks as if it held a mistake', async () => {
  const right = (await openBank()).list().flatMap(({ reference, alternatives }) => [reference, ...alternatives])
  const facts = await Promise.all(right.map(async code => factsOf(code, sandbox)))
  expect(right.length).toBeGreaterThan(150)
  expect(facts.filter(one => one === undefined || one.smells.length > 0).length).toBeLessThanOrEqual(
    Math.floor(right.length / 100),
  )
})
