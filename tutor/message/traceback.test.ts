import { expect, test } from 'vitest'
import { partsOf } from './parts.ts'
import type { ReportedError } from './traceback.ts'

function errorsOf(text: string): ReportedError[] {
  const [part, ...rest] = partsOf(text)
  expect(rest).toEqual([])
  if (part?.kind !== 'traceback') throw new Error(`read as ${part?.kind}`)
  return part.errors
}
const frame = (file: string, line: number, name: string | null, source: string | null) => ({ file, line, name, source })

test('a plain traceback, as of 3.8, and one with markers, as since 3.11', () => {
  const wanted = [
    {
      type: 'ZeroDivisionError',
      message: 'division by zero',
      after: null,
      frames: [frame('a.py', 4, '<module>', 'f(0)'), frame('a.py', 2, 'f', 'return 1 / n')],
    },
  ]
  const lines = [
    'Traceback (most recent call last):',
    '  File "a.py", line 4, in <module>',
    '    f(0)',
    '  File "a.py", line 2, in f',
    '    return 1 / n',
    'ZeroDivisionError: division by zero',
  ]
  expect(errorsOf(lines.join('\n'))).toEqual(wanted)
  expect(errorsOf(lines.join('\r\n'))).toEqual(wanted)
  expect(errorsOf(lines.map(line => `    ${line}`).join('\n'))).toEqual(wanted)
  expect(errorsOf(lines.toSpliced(3, 0, '    ~^^^').toSpliced(6, 0, '           ~~^~~').join('\n'))).toEqual(wanted)
})

test.each([
  [
    'with carets',
    '  File "a.py", line 1\n    for i in range(3)\n                     ^\nSyntaxError: expected \':\'',
    'SyntaxError',
  ],
  [
    'without a header and file name',
    '  File "<stdin>", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax',
    'SyntaxError',
  ],
  [
    'with a header',
    'Traceback (most recent call last):\n  File "/usr/lib/python3.8/runpy.py", line 194, in _run\n    return run()\n  File "a.py", line 3\n    print "x"\n          ^\nSyntaxError: Missing parentheses in call to \'print\'. Did you mean print("x")?',
    'SyntaxError',
  ],
  [
    'of indentation',
    '  File "a.py", line 2\n    print(1)\n    ^\nIndentationError: expected an indented block after \'if\' statement on line 1',
    'IndentationError',
  ],
  ['of tabs', 'Sorry: IndentationError: unindent does not match any outer indentation level (a.py, line 3)', null],
])('a syntax error %s', (_, text, type) => {
  if (type === null) expect(partsOf(text)).toHaveLength(1)
  else expect(errorsOf(text).map(error => error.type)).toEqual([type])
})

test('one exception while another was handled, and one because of another', () => {
  const both = (middle: string) =>
    `Traceback (most recent call last):\n  File "a.py", line 2, in <module>\n    d["x"]\nKeyError: 'x'\n\n${middle}\n\nTraceback (most recent call last):\n  File "a.py", line 4, in <module>\n    int("y")\nValueError: invalid literal for int() with base 10: 'y'`
  expect(errorsOf(both('During handling of the above exception, another exception occurred:'))).toMatchObject([
    { type: 'KeyError', message: "'x'", after: null },
    { type: 'ValueError', after: 'handling', frames: [{ line: 4 }] },
  ])
  expect(errorsOf(both('The above exception was the direct cause of the following exception:'))).toMatchObject([
    {},
    { after: 'cause' },
  ])
})

test('an exception group with its members', () => {
  const text = `  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 1, in <module>
  |     raise ExceptionGroup("two", [ValueError(1), TypeError("t")])
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +---------------- 2 ----------------
    | TypeError: t
    +------------------------------------`
  expect(errorsOf(text)).toMatchObject([
    { type: 'ExceptionGroup', message: 'two (2 sub-exceptions)', after: null, frames: [{ file: 'a.py', line: 1 }] },
    { type: 'ValueError', message: '1', after: 'member', frames: [] },
    { type: 'TypeError', message: 't', after: 'member', frames: [] },
  ])
})

test('what a notebook prints', () => {
  const text = `---------------------------------------------------------------------------
NameError                                 Traceback (most recent call last)
Cell In[2], line 2
      1 x = 1
----> 2 print(y)

NameError: name 'y' is not defined`
  expect(errorsOf(text)).toMatchObject([
    { type: 'NameError', frames: [{ file: 'In [2]', line: 2, source: 'print(y)' }] },
  ])
})

test('calls that repeat, classes of modules, errors without a message, own errors', () => {
  const raised = (last: string) =>
    `Traceback (most recent call last):\n  File "a.py", line 1, in f\n    f()\n  [Previous line repeated 994 more times]\n${last}`
  expect(errorsOf(raised('RecursionError: maximum recursion depth exceeded'))).toMatchObject([
    { type: 'RecursionError', frames: [{ name: 'f' }] },
  ])
  expect(errorsOf(raised('json.decoder.JSONDecodeError: Expecting value: line 1'))).toMatchObject([
    { type: 'JSONDecodeError' },
  ])
  expect(errorsOf(raised('KeyboardInterrupt'))).toMatchObject([{ type: 'KeyboardInterrupt', message: '' }])
  expect(errorsOf(raised('__main__.TooCold: -3'))).toMatchObject([{ type: 'TooCold', message: '-3' }])
})

test('a sentence that names an error is prose', () => {
  for (const text of ['I get a KeyError: what now?', 'What does IndexError mean?', 'The error is on line 3'])
    expect(partsOf(text)).toMatchObject([{ kind: 'prose' }])
})
