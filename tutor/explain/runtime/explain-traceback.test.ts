import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { explainTraceback } from './explain-traceback.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

test('a text without an exception is not explained', async () => {
  expect(await explainTraceback(sandbox, 'my program prints 3 where 4 is expected')).toBeUndefined()
})

test('a name that Python proposes is told, and the column is that of the marks', async () => {
  const text =
    'Traceback (most recent call last):\n  File "a.py", line 7, in <module>\n    print(totl + 1)\n          ^^^^\n' +
    "NameError: name 'totl' is not defined. Did you mean: 'total'?"
  expect(await explainTraceback(sandbox, text)).toMatchObject({ class: 'name-misspelt', line: 7, column: 7 })
})

test('pytest shows the line and the error in its own way', async () => {
  const text =
    '    def f(x):\n>       return x + 1\nE       TypeError: can only concatenate str (not "int") to str\n\n' +
    'a.py:2: TypeError\n'
  expect(await explainTraceback(sandbox, text)).toMatchObject({ class: 'text-plus-number', line: 2 })
})

test('an exception of the program is found by its place after the frames, whatever it is called', async () => {
  const program = "class GameOver(Exception):\n    pass\n\nraise GameOver('no lives left')\n"
  const text =
    'Traceback (most recent call last):\n  File "g.py", line 4, in <module>\n    raise GameOver(\'no lives left\')\n' +
    'GameOver: no lives left'
  expect(await explainTraceback(sandbox, text, program)).toMatchObject({ class: 'raised-by-program', line: 4 })
})

test.each([
  ["FileNotFoundError: [Errno 2] No such file or directory: 'a.txt'", 'file-missing'],
  ["ValueError: invalid literal for int() with base 10: 'abc'", 'number-from-word'],
  ["ValueError: invalid literal for int() with base 10: ''", 'number-from-empty'],
  ["KeyError: 'a'", 'key-not-there'],
  ['ZeroDivisionError: division by zero', 'division-by-zero'],
  ['IndexError: list index out of range', 'index-past-end'],
])('an error whose program nobody knows has its class: %s', async (error, name) => {
  for (const text of [error, `Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n${error}`])
    expect(await explainTraceback(sandbox, text), text).toMatchObject({ class: name })
})

test('a long text of what only looks like a traceback is read in time that grows with its length', async () => {
  const text = `Traceback (most recent call last):\n${'  File "'.repeat(3_000)}\n${'~^ '.repeat(5_000)}\n${'a.'.repeat(9_000)}E`
  expect(await explainTraceback(sandbox, text)).toBeUndefined()
})
