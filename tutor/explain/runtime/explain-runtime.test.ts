import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { explainRuntime } from './explain-runtime.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

test('a program that ends well has no error, and one that does not parse is said to be so', async () => {
  expect(await explainRuntime(sandbox, 'print(1)\n')).toMatchObject({ class: 'none' })
  expect(await explainRuntime(sandbox, 'print(1\n')).toMatchObject({ class: 'not-parsed' })
})

test('the values of the crash line are told, and the line that made the wrong one', async () => {
  const program = 'numbers = [3, 1]\nordered = numbers.sort()\nfor i in [1]:\n    print(ordered[i])\n'
  expect(await explainRuntime(sandbox, program)).toMatchObject({
    class: 'none-from-method',
    line: 4,
    column: 11,
    values: { i: '1', ordered: 'None' },
    made: { line: 2, text: 'ordered = numbers.sort()' },
    edit: { line: 2, new: 'sorted(numbers)' },
  })
})

test('a wrong value is followed through a call to the line that read it', async () => {
  const program = 'def double(n):\n    return n - 2\n\nage = input()\nprint(double(age))\n'
  expect(await explainRuntime(sandbox, program, { stdin: '7' })).toMatchObject({
    class: 'text-in-arithmetic',
    line: 2,
    made: { line: 4 },
    edit: { line: 4, old: 'input()', new: 'int(input())' },
  })
})

test('the variable of a comprehension is known, which is gone when the exception is caught', async () => {
  const program = 'def f(a):\n    return [a[i + 1] for i in range(len(a))]\nf([4, 5])\n'
  expect(await explainRuntime(sandbox, program)).toMatchObject({
    class: 'index-one-too-large',
    values: { i: '1', 'i + 1': '2' },
  })
})

test('an edit that does not help is not given: a name that is near but of the wrong type', async () => {
  const program = "total = 'x'\nprint(totl - 1)\n"
  const found = await explainRuntime(sandbox, program)
  expect(found).toMatchObject({ class: 'name-misspelt' })
  expect(found.edit).toBeUndefined()
})

test('columns count in characters, before which others may stand that take several bytes', async () => {
  const program = "größe = 3\nprint('äöü', größe, groesse + größ)\n"
  const found = await explainRuntime(sandbox, program)
  expect(found).toMatchObject({ line: 2, column: program.split('\n')[1]!.indexOf('groesse') + 1 })
})

describe('a hostile program', () => {
  test('whose repr fails, prints or does not end is explained without it', async () => {
    const program =
      'class Bad:\n    def __repr__(self):\n        while True: pass\n    __str__ = __repr__\n' +
      '    def __getattr__(self, name):\n        raise KeyError(name)\nbad = Bad()\nprint(bad + 1)\n'
    expect(await explainRuntime(sandbox, program, { seconds: 1 })).toMatchObject({ class: 'operands-unfit', line: 8 })
  })

  test('with huge and endless data gets short texts', async () => {
    const program =
      'a = [list(range(10 ** 5))] * 9\na.append(a)\nn = 7 ** 40000\ns = "x" * 10 ** 6\nprint(a, n, s, 1 / 0)\n'
    const found = await explainRuntime(sandbox, program, { seconds: 2 })
    expect(found.class).toBe('division-by-zero')
    expect(JSON.stringify(found).length).toBeLessThan(3_000)
  })

  test('that breaks the functions of Python is explained by what the sandbox sees', async () => {
    const program = 'import builtins, json\nbuiltins.isinstance = builtins.repr = builtins.type = None\n1 / 0\n'
    expect(await explainRuntime(sandbox, program)).toMatchObject({ line: 3 })
  })

  test('that writes an answer of its own reaches no more than the answer about itself', async () => {
    const program =
      'import json\njson.dumps = lambda *a, **k: "{}"\nimport __main__\nfor m in list(vars(json)):\n    pass\n[][0]\n'
    expect(await explainRuntime(sandbox, program)).toMatchObject({ class: 'index-in-empty' })
  })
})

test('an endless loop is named with what never changes, and an edit with which it ends', async () => {
  const program = 'i = 0\nwhile i < 5:\n    print(i)\n'
  expect(await explainRuntime(sandbox, program, { seconds: 0.3 })).toMatchObject({
    class: 'loop-never-changes',
    line: 2,
    cause: expect.stringContaining('`i` = 0') as string,
    edit: { new: '\n    i += 1' },
  })
})

test('no line is blamed for a value that it did not make', async () => {
  const program = "days = ['Mon', 'Tue']\nfor day in ['Tue', 'Mon']:\n    days = days.remove(day)\n"
  expect(await explainRuntime(sandbox, program)).toMatchObject({
    class: 'none-from-method',
    edit: { line: 3, new: 'days.remove(day)' },
  })
  const passed = 'def walk(parts):\n    for part in parts:\n        yield part\n\nprint(list(walk(None)))\n'
  const found = await explainRuntime(sandbox, passed)
  expect(found).toMatchObject({ class: 'none-iterated', values: { parts: 'None' } })
  expect(found.made?.line).not.toBe(3)
})
