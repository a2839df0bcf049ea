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
