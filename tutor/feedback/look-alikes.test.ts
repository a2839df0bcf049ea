import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { gradeProgram } from '../grade/grade.ts'
import { exerciseOf } from '../test-exercise.ts'
import { noteText } from './texts.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const square = exerciseOf({
  entry: ['square'],
  reference: 'def square(n): return n * n\n',
  tests: [
    { call: 'square(3)', expect: '9' },
    { call: 'square(4)', expect: '16' },
  ],
})
const notesOn = async (code: string, exercise = square): Promise<string[]> =>
  (await gradeProgram(code, exercise, sandbox, { seed: '1', detail: 'notes' })).notes.map(one => noteText(one))

test.each<[string, string, string]>([
  [
    'a blank',
    'def square(n):\n\u00A0\u00A0return n * n\n',
    'line 2, column 1: \u00A0 (U+00A0 NO-BREAK SPACE) only looks like a blank',
  ],
  [
    'no character',
    'def square(n):\n    return n\u200B * n\n',
    'line 2, column 13: there is a character that cannot be seen, U+200B ZERO WIDTH SPACE',
  ],
  [
    'a soft hyphen',
    'def squ\u00ADare(n):\n    return n * n\n',
    'line 1, column 8: there is a character that cannot be seen, U+00AD SOFT HYPHEN',
  ],
  [
    'a direction',
    'def square(n):\n    return \u202En * n\n',
    'line 2, column 12: there is a character that cannot be seen, U+202E',
  ],
  [
    'no character, in a key',
    'def square(n):\n    sides = {"n": n}\n    return sides["n\u200B"] * n\n',
    'line 3, column 20: there is a character that cannot be seen, U+200B ZERO WIDTH SPACE',
  ],
  [
    'no character, in a number',
    'def square(n):\n    return int("2\u200B") * n\n',
    'line 2, column 18: there is a character that cannot be seen, U+200B ZERO WIDTH SPACE',
  ],
  [
    'a minus',
    'def square(n):\n    return n * n \u2212 0\n',
    'line 2, column 18: \u2212 (U+2212 MINUS SIGN) only looks like -',
  ],
  ['a dash', 'def square(n):\n    return n * n \u2013 0\n', '(U+2013 EN DASH) only looks like -'],
  ['a times sign', 'def square(n):\n    return n \u00D7 n\n', '(U+00D7 MULTIPLICATION SIGN) only looks like *'],
  [
    'a bracket',
    'def square\uFF08n):\n    return n * n\n',
    'line 1, column 11: \uFF08 (U+FF08 FULLWIDTH LEFT PARENTHESIS) only looks like (',
  ],
  ['a colon', 'def square(n)\uFF1A\n    return n * n\n', '(U+FF1A FULLWIDTH COLON) only looks like :'],
  ['a comma', 'a = [1\uFF0C 2]\ndef square(n): return n * n\n', '(U+FF0C FULLWIDTH COMMA) only looks like ,'],
  [
    'quotes',
    'a = \u201Chi\u201D\ndef square(n): return n * n\n',
    'line 1, column 5: \u201C (U+201C LEFT DOUBLE QUOTATION MARK) only looks like "',
  ],
  [
    'a closing quote',
    'a = "hi\u201D\ndef square(n): return n * n\n',
    'line 1, column 8: \u201D (U+201D RIGHT DOUBLE QUOTATION MARK) only looks like "',
  ],
  ['a low quote', 'a = \u201Ehi\u201C\ndef square(n): return n * n\n', '(U+201E DOUBLE LOW-9 QUOTATION MARK)'],
  ['an arrow', 'def square(n) \u2192 int:\n    return n * n\n', '(U+2192 RIGHTWARDS ARROW) only looks like ->'],
  ['a dot', 'def square(n):\n    return n \u22C5 n\n', '(U+22C5 DOT OPERATOR) only looks like *'],
  [
    'a name that is defined',
    'def square(n):\n    t\u03BFtal = n * n\n    return total\n',
    'line 2, column 6: \u03BF (U+03BF GREEK SMALL LETTER OMICRON) only looks like o',
  ],
  [
    'an apostrophe',
    'a = \u2018hi\u2019\ndef square(n): return n * n\n',
    "(U+2018 LEFT SINGLE QUOTATION MARK) only looks like '",
  ],
  [
    'angle quotes',
    'a = \u00ABhi\u00BB\ndef square(n): return n * n\n',
    '(U+00AB LEFT-POINTING DOUBLE ANGLE QUOTATION MARK) only looks like "',
  ],
  [
    'a keyword',
    'd\u0435f square(n):\n    return n * n\n',
    'line 1, column 2: \u0435 (U+0435 CYRILLIC SMALL LETTER IE) only looks like e',
  ],
  [
    'a less-or-equal',
    'def square(n):\n    return n * n if n \u2264 9 else n * n\n',
    '(U+2264 LESS-THAN OR EQUAL TO) only looks like <=',
  ],
  [
    'a Greek question mark',
    'a = 1\u037E b = 2\ndef square(n): return n * n\n',
    '(U+037E GREEK QUESTION MARK) only looks like ;',
  ],
  [
    'a name that is used',
    'def square(n):\n    return p\u043Ew(n, 2)\n',
    'line 2, column 13: \u043E (U+043E CYRILLIC SMALL LETTER O) only looks like o',
  ],
  [
    'the name that is asked for',
    'def squ\u0430re(n):\n    return n * n\n',
    'line 1, column 8: \u0430 (U+0430 CYRILLIC SMALL LETTER A) only looks like a',
  ],
])('what looks like %s is named, with its place', async (_, code, wanted) => {
  expect((await notesOn(code)).join('\n')).toContain(wanted)
})

test.each([
  ['in a string', 'a = "\u201Cx\u201D \u2212"\ndef square(n):\n    return n * (n\n'],
  ['in a comment', 'def square(n)  # a \u2212 b\n    return n * n\n'],
  ['in a right name', 'def square(gr\u00F6\u00DFe):\n    return gr\u00F6\u00DFe * zahl\n'],
  [
    'in a name of another alphabet',
    'def square(\u0447\u0438\u0441\u043B\u043E):\n    return \u0447\u0438\u0441\u043B\u043E * \u0438\u043C\u044F\n',
  ],
])('a sign that is meant %s is not blamed', async (_, code) => {
  expect((await notesOn(code)).join('\n')).not.toMatch(/looks like|cannot be seen/)
})

const says = exerciseOf({
  entry: ['f'],
  reference: 'def f(): return ["caf\u00E9 \u2013 a b"]\n',
  tests: [{ call: 'f()', expect: '["caf\u00E9 - a b"]' }],
})
test.each([
  ['a minus', 'caf\u00E9 \u2212 a b', 'line 1, character 6 of it stands U+2212 MINUS SIGN where U+002D HYPHEN-MINUS'],
  ['a blank', 'caf\u00E9 - a\u00A0b', 'character 9 of it stands U+00A0 NO-BREAK SPACE where U+0020 SPACE'],
  ['a tab', 'caf\u00E9 -\ta b', 'stands U+0009 where U+0020 SPACE'],
  ['no character', 'caf\u00E9\u200B - a b', 'stands U+200B ZERO WIDTH SPACE where U+0020 SPACE'],
  [
    'a letter in parts',
    'cafe\u0301 - a b',
    'stands U+0065 LATIN SMALL LETTER E and U+0301 COMBINING ACUTE ACCENT where U+00E9',
  ],
  [
    'a Cyrillic letter',
    'c\u0430f\u00E9 - a b',
    'stands U+0430 CYRILLIC SMALL LETTER A where U+0061 LATIN SMALL LETTER A',
  ],
  ['a blank at the end', 'caf\u00E9 - a b ', 'stands U+0020 SPACE where the end'],
])('a text that looks like the expected one through %s is told', async (_, text, wanted) => {
  expect((await notesOn(`def f(): return ["${text}"]\n`, says)).join('\n')).toContain(wanted)
  const prints = exerciseOf({ kind: 'stdout', tests: [{ stdin: '', stdout: 'caf\u00E9 - a b\n.' }] })
  if (!text.endsWith(' ')) expect((await notesOn(`print("${text}\\n.")\n`, prints)).join('\n')).toContain(wanted)
})
