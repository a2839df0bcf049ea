import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { partsOf } from './parts.ts'
import { readMessage } from './read-message.ts'

const kindsOf = (text: string): string[] => partsOf(text).map(({ kind }) => kind)
const program = 'total = 0\nfor n in [1, 2]:\n    total += n\nprint(total)'
const traceback =
  'Traceback (most recent call last):\n  File "a.py", line 2, in <module>\n    x = [1][5]\n        ~~~^^^\nIndexError: list index out of range'
const pytest =
  '=========== test session starts ===========\ncollected 1 item\n\ntest_a.py F                  [100%]\n\n____ test_add ____\n\n    def test_add():\n>       assert add(1, 2) == 3\nE       assert 4 == 3\n\ntest_a.py:4: AssertionError\n=========== 1 failed in 0.02s ==========='
const doctest =
  '**********************************************************************\nFile "a.py", line 3, in a.add\nFailed example:\n    add(1, 2)\nExpected:\n    3\nGot:\n    4\n***Test Failed*** 1 failure.'

test.each<[name: string, text: string, kinds: string[]]>([
  ['prose alone', 'What is a list comprehension?', ['prose']],
  ['a fence', `Why?\n\`\`\`python\n${program}\n\`\`\`\nIt prints 0.`, ['prose', 'code', 'prose']],
  ['a fence that is not closed', `Why?\n~~~\n${program}`, ['prose', 'code']],
  ['bare code', `my loop is wrong\n\n${program}\n\nwhat do I do now?`, ['prose', 'code', 'prose']],
  ['code that does not parse', 'for i in range(10)\n    print(i)', ['code']],
  ['a traceback', `It fails:\n${traceback}\nWhat is wrong?`, ['prose', 'traceback', 'prose']],
  ['code and its traceback in one fence', `\`\`\`\n${program}\n${traceback}\n\`\`\``, ['code', 'traceback']],
  ['an error alone', "NameError: name 'x' is not defined", ['traceback']],
  ['pytest', `Failing again.\n${pytest}\n\nWhat does it want?`, ['prose', 'tests', 'prose']],
  ['doctest', doctest, ['tests']],
  [
    'unittest',
    'F\n======\nFAIL: test_add (t.T)\n------\nRan 2 tests in 0.001s\n\nFAILED (failures=1)',
    ['prose', 'tests'],
  ],
  ['a session', '>>> x = 3\n>>> x + 1\n4\nwhy is it 4 here and not five?', ['session', 'prose']],
  ['blank', ' \n\n', ['prose']],
  [
    'words that begin like statements',
    'if you have time, please look at this\nfor me it is hard\nimport is unclear to me',
    ['prose'],
  ],
])('%s', (_, text, kinds) => expect(kindsOf(text)).toEqual(kinds))

test.each<[name: string, text: string]>([
  [
    'line numbers',
    program
      .split('\n')
      .map((line, at) => `${at + 1}  ${line}`)
      .join('\n'),
  ],
  [
    'line numbers with dots',
    program
      .split('\n')
      .map((line, at) => `${at + 7}. ${line}`)
      .join('\n'),
  ],
  [
    'prompts',
    program
      .split('\n')
      .map(line => (line.startsWith(' ') ? `... ${line}` : `>>> ${line}`))
      .join('\n'),
  ],
  ['IPython', `In [3]: ${program.split('\n').join('\n   ...: ')}`],
  [
    'a shared indentation',
    program
      .split('\n')
      .map(line => `    ${line}`)
      .join('\n'),
  ],
  ['entities', `\`\`\`\n${program}\n\`\`\``],
])('code is cleaned of %s', (_, text) => expect(readMessage(text).code).toBe(program))

test('numbers that belong to the program stay', () => {
  expect(readMessage('```\n1\n5\n```').code).toBe('1\n5')
  expect(readMessage('```\nx = [\n  1,\n  2,\n]\n```').code).toBe('x = [\n  1,\n  2,\n]')
})

test('tests that failed are named with what was expected and what came', () => {
  expect(partsOf(pytest)).toMatchObject([{ failed: [{ name: 'test_add', expected: '3', got: '4' }] }])
  expect(partsOf(doctest)).toMatchObject([{ failed: [{ name: 'a.add', expected: '3', got: '4' }] }])
})

test('a session keeps its output apart', () =>
  expect(partsOf('>>> x = 3\n>>> x + 1\n4')).toMatchObject([{ text: 'x = 3\nx + 1', output: '4' }]))

const pieces = { prose: 'I do not know what happens here at all.', code: program, traceback, session: '>>> 1 + 1\n2' }
test('whatever stands after one another is told apart', () => {
  const kind = fc.constantFrom(...(Object.keys(pieces) as (keyof typeof pieces)[]))
  fc.assert(
    fc.property(fc.array(kind, { minLength: 1, maxLength: 6 }), wanted => {
      const distinct = wanted.filter((name, at) => name !== wanted[at - 1])
      expect(kindsOf(distinct.map(name => pieces[name]).join('\n\n'))).toEqual(distinct)
    }),
  )
})

const line = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('```', '~~~', '>>> x', '... y', 'In [1]: x', '  | ', '+---- 1 ----', '    ^^^', '', '\r', '1 x = 2'),
  fc.constantFrom(...`${traceback}\n${pytest}\n${doctest}\n${program}`.split('\n')),
)
test('the parts of any text cover it, each within its place, and the same again', () => {
  const text = fc.oneof(
    fc.array(line, { maxLength: 25 }).map(lines => lines.join('\n')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  fc.assert(
    fc.property(text, message => {
      const parts = partsOf(message)
      let at = 0
      for (const { start, end } of parts) {
        expect(start).toBe(at)
        expect(end).toBeGreaterThan(start)
        at = end
      }
      expect(at).toBe(message.length)
      expect(readMessage(message)).toEqual(readMessage(message))
    }),
    { numRuns: 500 },
  )
})

test('the time grows with the length alone, whatever the text', () => {
  const timeOf = (message: string): number => {
    const start = process.threadCpuUsage()
    for (let round = 0; round < 3; round += 1) readMessage(message)
    return process.threadCpuUsage(start).user / 1_000
  }
  const units = [
    'a',
    ' ',
    '(',
    '"',
    '\n',
    'x = 1\n',
    'KeyError:\n',
    '```\n',
    '>>> \n',
    'E   x\n',
    'a.a.',
    '| ',
    '1 a\n2 b\n',
    '=== failed ',
  ]
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(20_000 / unit.length))
    timeOf(text)
    // Four times the text may take four times as long; a reader that looks back over all lines would need sixteen.
    expect(timeOf(text.repeat(4))).toBeLessThan(9 * timeOf(text) + 60)
  }
})
