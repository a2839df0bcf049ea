import type { exerciseOf } from '../test-exercise.ts'
import type { FeedbackCode } from './codes.ts'

type Parts = Parameters<typeof exerciseOf>[0]

/** Programs whose only mistake is the one that a code tells, and programs that come near it and must not hear it. */
export interface Rare {
  code: FeedbackCode
  exercise: Parts
  shows: readonly string[]
  near: readonly string[]
}

/** A function `f` of these parameters, from its body. */
export const f =
  (parameters: string) =>
  (...lines: string[]): string =>
    `def f(${parameters}):\n${lines.map(line => `    ${line}\n`).join('')}`
export const asks = (...all: [string, string][]): Parts => ({
  entry: ['f'],
  reference: 'def f(*a): pass\n',
  tests: all.map(([call, expected]) => ({ call: `f(${call})`, expect: expected })),
})
export const prints = (...all: [string, string][]): Parts => ({
  kind: 'stdout',
  reference: 'pass\n',
  tests: all.map(([stdin, stdout]) => ({ stdin, stdout })),
})

export const xs = f('xs')
export const n = f('n')
export const ab = f('a, b')
export const d = f('d')
export const s = f('s')
export const total = asks(['[1, 2, 3]', '6'], ['[]', '0'], ['[5]', '5'], ['[4, -1]', '3'], ['[10, 20, 30]', '60'])
export const square = asks(['3', '9'], ['0', '0'], ['-4', '16'], ['10', '100'])
export const evens = asks(['[1, 2, 3, 4]', '[2, 4]'], ['[6, 7, 8]', '[6, 8]'], ['[5, 2, 9, 4, 8]', '[2, 4, 8]'])
export const first = asks(['[1, 4, 2]', '4'], ['[1, 3, 5]', '-1'], ['[8, 3]', '8'], ['[]', '-1'])
export const filled = asks(['{"a": 1, "b": 0}', '{"a": 1}'], ['{"x": 0, "y": 0}', '{}'], ['{"k": 3}', '{"k": 3}'])
export const counts = asks(['["a", "b", "a"]', '{"a": 2, "b": 1}'], ['["x"]', '{"x": 1}'], ['[]', '{}'])
export const joined = asks(
  ['[1], [2, 3]', '[1, 2, 3]'],
  ['[4, 5], [6, 3]', '[4, 5, 6, 3]'],
  ['[7, 1], [8, 2]', '[7, 1, 8, 2]'],
)
export const halves = asks(
  ['[1, 2], [3]', '[[1, 2], [3]]'],
  ['[4], [5, 6]', '[[4], [5, 6]]'],
  ['[7], [8, 9]', '[[7], [8, 9]]'],
)
export const sorts = asks(['[3, 1, 2]', '[1, 2, 3]'], ['[9, 5, 7, 6]', '[5, 6, 7, 9]'], ['[2, 8, 4]', '[2, 4, 8]'])
export const place = asks(['["a", "b"], "b"', '1'], ['["x"], "y"', '-1'], ['["q", "w", "e"], "q"', '0'])
export const above = asks(['0', 'False'], ['5', 'True'], ['-1', 'False'], ['7', 'True'])
export const price = asks(['2.5', '"2.50 EUR"'], ['4.5', '"4.50 EUR"'], ['7.1', '"7.10 EUR"'])
export const greets = asks(['"Ann"', '"Hello Ann, welcome"'], ['"Bo"', '"Hello Bo, welcome"'])
export const minutes = asks(['5', '300'], ['9', '540'], ['12', '720'])
export const cents = asks(['250', '2.5'], ['1700', '17'], ['99', '0.99'])
export const lines = prints(['', 'line 0\nline 1\nline 2\n'])
export const echo = prints(['Ann\n', 'Hello Ann\n'], ['Bo\n', 'Hello Bo\n'])
export const unique = asks(['[1, 2, 1, 1]', '[1, 2]'], ['[3, 4, 3, 3]', '[3, 4]'], ['[4, 5, 4, 5, 4]', '[4, 5]'])
export const shown = asks(['5', '"5"'], ['12', '"12"'], ['7', '"7"'])
