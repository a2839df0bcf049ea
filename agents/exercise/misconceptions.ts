import type { PythonValue } from '../../platform/python-value.ts'
import { compare, typeName } from './compare.ts'
import { repr } from './repr.ts'

/** A test of a call: what was returned, what should have been, and what was printed meanwhile. */
export interface Answer {
  got: PythonValue
  expected: PythonValue
  stdout: string
}

/** What is wrong with one answer, if it is this; texts hold no value, so that they tell nothing of a hidden test. */
type Detector = (answer: Answer) => string | undefined

/** How many of the wrong answers a misconception must explain. */
const share = 0.6

const equal = (got: PythonValue, expected: PythonValue): boolean => compare(got, expected, 1e-9).equal
const text = (value: PythonValue): string => (value.kind === 'str' ? value.value : repr(value))
const isNumber = (value: PythonValue): value is Extract<PythonValue, { kind: 'int' | 'float' }> => value.kind === 'int' || value.kind === 'float'
const itemsOf = (value: PythonValue): PythonValue[] | undefined => (value.kind === 'list' || value.kind === 'tuple' ? value.items : undefined)

const printsInstead: Detector = ({ got, expected, stdout }) => {
  if (got.kind !== 'none' || expected.kind === 'none' || stdout.trim() === '') return undefined
  const printed = stdout.trim().split('\n').at(-1)?.trim() ?? ''
  return printed === text(expected).trim() || printed === repr(expected)
    ? 'it prints the result instead of returning it'
    : 'it prints something and returns None'
}

const returnsNothing: Detector = ({ got, expected }) =>
  got.kind === 'none' && expected.kind !== 'none' ? 'it returns None: a way through the function ends without a return' : undefined

const functionItself: Detector = ({ got }) =>
  got.kind === 'other' && /function|method/.test(got.type) ? 'it returns a function instead of calling it: parentheses are missing' : undefined

const asText: Detector = ({ got, expected }) => {
  if (got.kind === 'str' && expected.kind !== 'str' && got.value.trim() === repr(expected)) return `it returns the result as text, not as ${typeName(expected)}`
  return expected.kind === 'str' && got.kind !== 'str' && text(got) === expected.value
    ? `it returns ${typeName(got)} where a text (str) is expected`
    : undefined
}

const wrapped: Detector = ({ got, expected }) => {
  const inside = itemsOf(got)
  if (inside?.length === 1 && inside[0] !== undefined && equal(inside[0], expected)) return `it returns the result inside ${typeName(got)}`
  const outside = itemsOf(expected)
  return outside?.length === 1 && outside[0] !== undefined && equal(got, outside[0])
    ? `it returns a single item where ${typeName(expected)} is expected`
    : undefined
}

const opposite: Detector = ({ got, expected }) =>
  got.kind === 'bool' && expected.kind === 'bool' && got.value !== expected.value
    ? 'it answers the opposite: True where False is expected and the other way round'
    : undefined

const byOne: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const difference = Number(got.value) - Number(expected.value)
  if (difference === 1) return 'off by one: its result is one too large'
  return difference === -1 ? 'off by one: its result is one too small' : undefined
}

const sign: Detector = ({ got, expected }) =>
  isNumber(got) && isNumber(expected) && Number(got.value) === -Number(expected.value) ? 'its result has the wrong sign' : undefined

const fraction: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  if (!Number.isInteger(one) && one !== other && (Math.floor(one) === other || Math.round(one) === other))
    return 'its result keeps a fraction: // divides to a whole number and round() rounds'
  return Number.isInteger(one) && !Number.isInteger(other) && (Math.floor(other) === one || Math.round(other) === one)
    ? 'its result lost its fraction: / keeps it, // and int() cut it off'
    : undefined
}

/** The parts of a sequence or text, as values that can be compared. */
function parts(value: PythonValue): readonly PythonValue[] | undefined {
  return value.kind === 'str' ? Array.from(value.value, letter => ({ kind: 'str', value: letter }) as const) : itemsOf(value)
}

const ends: Detector = ({ got, expected }) => {
  const [some, all] = [parts(got), parts(expected)]
  if (some === undefined || all === undefined || got.kind !== expected.kind) return undefined
  const same = (one: readonly PythonValue[], other: readonly PythonValue[]): boolean =>
    one.length === other.length && one.every((item, at) => equal(item, other[at] ?? { kind: 'none' }))
  if (all.length > 0 && same(some, all.slice(1))) return 'off by one: the first item is missing'
  if (all.length > 0 && same(some, all.slice(0, -1))) return 'off by one: the last item is missing'
  if (some.length > 0 && (same(some.slice(1), all) || same(some.slice(0, -1), all))) return 'off by one: there is one item too many'
  if (all.length > 1 && same(some.toReversed(), all)) return 'the order is reversed'
  const sorted = (items: readonly PythonValue[]): string =>
    items
      .map(item => repr(item))
      .toSorted()
      .join()
  if (all.length > 1 && sorted(some) === sorted(all)) return 'the items are right, their order is not'
  const distinct = (items: readonly PythonValue[]): string => [...new Set(items.map(item => repr(item)))].toSorted().join()
  return got.kind !== 'str' && some.length !== all.length && distinct(some) === distinct(all)
    ? 'the items are right, but not how often each one is there'
    : undefined
}

const onlyFirst: Detector = ({ got, expected }) => {
  const [some, all] = [itemsOf(got), itemsOf(expected)]
  return some?.length === 1 && all !== undefined && all.length > 2 && some[0] !== undefined && all[0] !== undefined && equal(some[0], all[0])
    ? 'it stops after the first item: look where the return stands'
    : undefined
}

const letters: Detector = ({ got, expected }) => {
  if (got.kind !== 'str' || expected.kind !== 'str' || got.value === expected.value) return undefined
  if (got.value.toLowerCase() === expected.value.toLowerCase()) return 'only upper and lower case differ'
  return got.value.replaceAll(/\s/g, '') === expected.value.replaceAll(/\s/g, '') ? 'only blanks or line ends differ' : undefined
}

const otherType: Detector = ({ got, expected }) =>
  got.kind !== expected.kind && got.kind !== 'none' && !(isNumber(got) && isNumber(expected))
    ? `it returns ${typeName(got)} where ${typeName(expected)} is expected`
    : undefined

/** Most telling first; of one answer only the first that fits is said. */
const detectors: readonly Detector[] = [
  printsInstead,
  returnsNothing,
  functionItself,
  asText,
  wrapped,
  opposite,
  byOne,
  sign,
  fraction,
  onlyFirst,
  ends,
  letters,
  otherType,
]

/** What most of the wrong answers have in common, at most one sentence. */
export function misconceptionsIn(answers: readonly Answer[]): string[] {
  const wrong = answers.filter(({ got, expected }) => !compare(got, expected).equal)
  if (wrong.length === 0) return []
  const counts = new Map<string, number>()
  for (const answer of wrong) {
    const found = detectors.map(detector => detector(answer)).find(sentence => sentence !== undefined)
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  const [best] = [...counts].toSorted(([, one], [, other]) => other - one)
  if (best !== undefined && best[1] >= share * wrong.length) return [best[0]]
  return alwaysTheSame(answers) ? ['it returns the same whatever it is given'] : []
}

function alwaysTheSame(answers: readonly Answer[]): boolean {
  const different = (values: readonly PythonValue[]): number => new Set(values.map(value => repr(value))).size
  return answers.length > 2 && different(answers.map(({ got }) => got)) === 1 && different(answers.map(({ expected }) => expected)) > 2
}
