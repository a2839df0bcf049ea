import type { PythonValue } from '../../platform/ports/python-value.ts'
import { plainText } from '../grade/judge.ts'
import { misconceptionsIn } from './misconceptions.ts'

/** What a program printed and should have printed. */
export interface Print {
  got: string
  expected: string
}

type Detector = (print: Print) => string | undefined

const lines = (text: string): string[] => (text === '' ? [] : text.split('\n'))
const numbers = (text: string): string => (text.match(/-?\d+(?:\.\d+)?/g) ?? []).join()
const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}\s]/gu, '')
const blank = (text: string): string => text.replaceAll(/\s+/g, '')

const nothing: Detector = ({ got, expected }) => (got === '' && expected !== '' ? 'it prints nothing' : undefined)
const capitals: Detector = ({ got, expected }) =>
  got.toLowerCase() === expected.toLowerCase() ? 'only upper and lower case differ' : undefined
const blanks: Detector = ({ got, expected }) =>
  blank(got) === blank(expected) ? 'only blanks or line ends differ' : undefined
/** Of a text of words: a drawing is nothing but marks. */
const marks: Detector = ({ got, expected }) =>
  blank(letters(got)) === blank(letters(expected)) && 2 * letters(expected).length > expected.length
    ? 'only punctuation differs'
    : undefined

/** The prompt stands before the first line that is printed, or is a line of its own. */
const prompt: Detector = ({ got, expected }) =>
  expected !== '' && got.length > expected.length && got.endsWith(expected)
    ? 'something is printed before the result; the prompt of input() counts as output too'
    : undefined

const missing: Detector = ({ got, expected }) => {
  const [some, all] = [lines(got), lines(expected)]
  const same = (one: readonly string[], other: readonly string[]): boolean => one.join('\n') === other.join('\n')
  if (all.length > 1 && same(some, all.slice(1))) return 'off by one: the first line is missing'
  if (all.length > 1 && same(some, all.slice(0, -1))) return 'off by one: the last line is missing'
  return some.length === all.length + 1 && (same(some.slice(0, -1), all) || same(some.slice(1), all))
    ? 'off by one: there is one line too many'
    : undefined
}

const words: Detector = ({ got, expected }) =>
  numbers(expected) !== '' && numbers(got) === numbers(expected)
    ? 'the numbers are right, the text around them is not'
    : undefined
const more: Detector = ({ got, expected }) =>
  expected !== '' && got.includes(expected) ? 'it prints more than the result' : undefined

const detectors: readonly Detector[] = [nothing, capitals, blanks, marks, missing, prompt, words, more]

/** What most of the wrong outputs have in common, at most one sentence. */
export function misprintsIn(prints: readonly Print[]): string[] {
  const plain = prints
    .map(({ got, expected }) => ({ got: plainText(got), expected: plainText(expected) }))
    .filter(({ got, expected }) => got !== expected)
  const found = plain.map(print => detectors.map(detector => detector(print)).find(sentence => sentence !== undefined))
  const sentence = found.find(one => one !== undefined)
  if (sentence !== undefined && found.filter(one => one === sentence).length >= 0.6 * plain.length) return [sentence]
  return misconceptionsIn(
    plain.map(({ got, expected }) => ({ got: asLines(got), expected: asLines(expected), stdout: '' })),
  )
}

/** An output as the list of its lines, or the one there is. */
function asLines(text: string): PythonValue {
  const all = lines(text).map(line => ({ kind: 'str', value: line }) as const)
  return all.length === 1 && all[0] !== undefined ? all[0] : { kind: 'list', items: all }
}
