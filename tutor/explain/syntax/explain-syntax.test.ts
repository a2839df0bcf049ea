import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import { checkPrograms } from './check.ts'
import { syntaxClasses } from './classes.ts'
import { explainSyntax } from './explain-syntax.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

test('at least a hundred classes of syntax errors are known', () => {
  expect(syntaxClasses().size).toBeGreaterThanOrEqual(100)
})

test.each<[string, string, string, number, number]>([
  [
    'the line of the open bracket, not the one where Python stops',
    'x = int(input()\ny = 2\n',
    'unclosed-parenthesis',
    1,
    8,
  ],
  ['the line that is not indented', 'for i in range(3):\nprint(i)\n', 'body-not-indented', 2, 1],
  ['the begin of the text that does not end', "print('hello)\n", 'unclosed-string', 1, 7],
  ['the misspelt word', 'def f(x):\n    retrun x\n', 'keyword-misspelt', 2, 5],
])('the place is %s', async (_, program, name, line, column) => {
  expect(await explainSyntax(program, sandbox)).toMatchObject({ class: name, line, column, fixes_all: true })
})

test.each([
  ['1st_num = 4\nprint(1st_num)\n', 'first_num = 4\nprint(first_num)\n'],
  ['2x = [1]\nfor 3y in 2x:\n    print(3y)\n', 'x2 = [1]\nfor y3 in x2:\n    print(y3)\n'],
  ['def 2x(n):\n    return n * 2\n', 'def x2(n):\n    return n * 2\n'],
])('a name that begins with a digit is renamed wherever it stands: %j', async (program, after) => {
  const found = await explainSyntax(program, sandbox)
  expect(found).toMatchObject({ class: 'name-begins-with-digit', fixes_all: true, edit: { program: after } })
})

test('numbers stay what they are', async () => {
  for (const program of ['x = 2\ny = 2x\n', 'n = 1e5\nx = 2n\n'])
    expect(await explainSyntax(program, sandbox)).toMatchObject({ class: 'multiplication-sign-missing' })
})

test('lines that lost their indentation: nothing follows what leaves a block', async () => {
  const flat = 'def f(n):\nif n > 1:\nreturn n\nreturn 1\nprint(f(3))\n'
  const program = 'def f(n):\n    if n > 1:\n        return n\n    return 1\nprint(f(3))\n'
  expect(await explainSyntax(flat, sandbox)).toMatchObject({ edit: { program } })
})

test('an edit that is said to fix all leaves a program that Python reads', async () => {
  const signs = fc.constantFrom(
    'if ',
    'x',
    ' = ',
    '(',
    ')',
    ':',
    '\n',
    '    ',
    '"',
    'print',
    '[',
    ']',
    ',',
    ' + ',
    '1',
    'for i in ',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(signs, { minLength: 1, maxLength: 25 }), async parts => {
      const found = await explainSyntax(parts.join(''), sandbox)
      if (found?.edit === undefined) return
      const [checked] = (await checkPrograms([found.edit.program], sandbox)) ?? []
      expect(checked === 'parses').toBe(found.fixes_all)
    }),
    { numRuns: 25, seed: 7 },
  )
})

test('a program that Python reads is not explained, so that nothing is found in it', async () => {
  expect(await explainSyntax('print("it\'s = fine")\n', sandbox)).toBeUndefined()
})

test.each(['(', '"', 'f"{', 'a b ', 'if x\n', ' ', '\u00a0', '\\', '>>> x y\n', '“x” ', '~'])(
  'twenty thousand characters of %j are answered',
  async sign => {
    const program = sign.repeat(20_000 / sign.length) + 'x ='
    expect((await explainSyntax(program, sandbox))?.class).toMatch(/^[a-z-]+$/)
  },
)
