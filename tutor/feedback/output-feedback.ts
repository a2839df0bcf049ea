import type { PythonValue } from '../../platform/ports/python-value.ts'
import { plainText } from '../grade/judge.ts'
import { misconceptionsIn, share } from './misconceptions.ts'
import { type Note, note, noteKey } from './note.ts'

/** What a program printed and should have printed. */
export interface Print {
  got: string
  expected: string
}

/** A prompt is printed as well, also one that comes last. */
const alsoPrompt = (one: Note | undefined, prompts: boolean): Note | undefined =>
  one?.code === 'output-extra-line' && prompts ? note('output-prompt') : one

type Detector = (print: Print) => Note | undefined

const lines = (text: string): string[] => (text === '' ? [] : text.split('\n'))
const numbers = (text: string): string => (text.match(/-?\d+(?:\.\d+)?/g) ?? []).join()
const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}\s]/gu, '')
const blank = (text: string): string => text.replaceAll(/\s+/g, '')

const nothing: Detector = ({ got, expected }) => (got === '' && expected !== '' ? note('output-nothing') : undefined)
const capitals: Detector = ({ got, expected }) =>
  got.toLowerCase() === expected.toLowerCase() ? note('text-case') : undefined
const blanks: Detector = ({ got, expected }) => (blank(got) === blank(expected) ? note('text-blanks') : undefined)
/** Only for a text with words, since a drawing consists of marks alone. */
const marks: Detector = ({ got, expected }) =>
  blank(letters(got)) === blank(letters(expected)) && 2 * letters(expected).length > expected.length
    ? note('output-punctuation')
    : undefined

/** The prompt is before the first printed line, or is a line of its own. */
const prompt: Detector = ({ got, expected }) =>
  expected !== '' && got.length > expected.length && got.endsWith(expected) ? note('output-prompt') : undefined

const missing: Detector = ({ got, expected }) => {
  const [some, all] = [lines(got), lines(expected)]
  const same = (one: readonly string[], other: readonly string[]): boolean => one.join('\n') === other.join('\n')
  if (all.length > 1 && same(some, all.slice(1))) return note('output-first-line-missing')
  if (all.length > 1 && same(some, all.slice(0, -1))) return note('output-last-line-missing')
  return some.length === all.length + 1 && (same(some.slice(0, -1), all) || same(some.slice(1), all))
    ? note('output-extra-line')
    : undefined
}

const words: Detector = ({ got, expected }) =>
  numbers(expected) !== '' && numbers(got) === numbers(expected) ? note('output-words') : undefined
const more: Detector = ({ got, expected }) =>
  expected !== '' && got.includes(expected) ? note('output-extra') : undefined

const detectors: readonly Detector[] = [nothing, capitals, blanks, marks, missing, prompt, words, more]

/** What most of the wrong outputs have in common, at most one note. */
export function misprintsIn(prints: readonly Print[], prompts: boolean): Note[] {
  const plain = prints
    .map(({ got, expected }) => ({ got: plainText(got), expected: plainText(expected) }))
    .filter(({ got, expected }) => got !== expected)
  const found = plain.map(print =>
    alsoPrompt(
      detectors.map(detector => detector(print)).find(one => one !== undefined),
      prompts,
    ),
  )
  const first = found.find(one => one !== undefined)
  const alike = found.filter(one => one !== undefined && first !== undefined && noteKey(one) === noteKey(first))
  if (first !== undefined && alike.length >= share * plain.length) return [first]
  return misconceptionsIn(
    plain.map(({ got, expected }) => ({ got: asLines(got), expected: asLines(expected), stdout: '' })),
  )
}

/** An output as the list of its lines, or its only line. */
function asLines(text: string): PythonValue {
  const all = lines(text).map(line => ({ kind: 'str', value: line }) as const)
  return all.length === 1 && all[0] !== undefined ? all[0] : { kind: 'list', items: all }
}
