import type { PythonValue } from '../../platform/ports/python-value.ts'
import { compare, typeName } from '../grade/compare.ts'
import { repr } from '../python/repr.ts'
import { type Note, note } from './note.ts'

/** A test of a call: what was returned, what should have been, and what was printed meanwhile. */
export interface CallComparison {
  got: PythonValue
  expected: PythonValue
  stdout: string
}

/**
 * The note for one kind of wrong answer, if the answer is of it; notes hold no value, so that they reveal nothing of a
 * hidden test.
 */
type Detector = (answer: CallComparison) => Note | undefined

const equal = (got: PythonValue, expected: PythonValue): boolean => compare(got, expected, 1e-9).equal
const text = (value: PythonValue): string => (value.kind === 'str' ? value.value : repr(value))
const isNumber = (value: PythonValue): value is Extract<PythonValue, { kind: 'int' | 'float' }> =>
  value.kind === 'int' || value.kind === 'float'
const itemsOf = (value: PythonValue): PythonValue[] | undefined =>
  value.kind === 'list' || value.kind === 'tuple' ? value.items : undefined

const printsInstead: Detector = ({ got, expected, stdout }) => {
  if (got.kind !== 'none' || expected.kind === 'none' || stdout.trim() === '') return undefined
  const printed = stdout.trim().split('\n').at(-1)?.trim() ?? ''
  return printed === text(expected).trim() || printed === repr(expected)
    ? note('value-printed')
    : note('value-other-printed')
}

const returnsNothing: Detector = ({ got, expected }) =>
  got.kind === 'none' && expected.kind !== 'none' ? note('value-none') : undefined

const functionItself: Detector = ({ got }) =>
  got.kind === 'other' && /function|method/.test(got.type) ? note('value-function') : undefined

const asText: Detector = ({ got, expected }) => {
  if (got.kind === 'str' && expected.kind !== 'str' && got.value.trim() === repr(expected))
    return note('value-as-text', { expected: typeName(expected) })
  return expected.kind === 'str' && got.kind !== 'str' && text(got) === expected.value
    ? note('value-not-text', { got: typeName(got) })
    : undefined
}

const wrapped: Detector = ({ got, expected }) => {
  const inside = itemsOf(got)
  if (inside?.length === 1 && inside[0] !== undefined && equal(inside[0], expected))
    return note('value-wrapped', { got: typeName(got) })
  const outside = itemsOf(expected)
  return outside?.length === 1 && outside[0] !== undefined && equal(got, outside[0])
    ? note('value-unwrapped', { expected: typeName(expected) })
    : undefined
}

const truth: Detector = ({ got, expected }) => {
  if (got.kind !== 'bool' || expected.kind !== 'bool' || got.value === expected.value) return undefined
  return got.value ? note('value-true') : note('value-false')
}

const byOne: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const difference = Number(got.value) - Number(expected.value)
  if (difference === 1) return note('value-one-too-large')
  return difference === -1 ? note('value-one-too-small') : undefined
}

const sign: Detector = ({ got, expected }) =>
  isNumber(got) && isNumber(expected) && Number(got.value) === -Number(expected.value) ? note('value-sign') : undefined

/** The difference is too small for a different formula and too large for an equal value. */
const rounding: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  return one !== other && Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other))
    ? note('value-rounding')
    : undefined
}

const factor: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  if (one === 0 || other === 0) return undefined
  const times = [10, 60, 100, 1_000, 3_600].find(
    by => equal({ kind: 'float', value: one / by }, expected) || equal({ kind: 'float', value: one * by }, expected),
  )
  return times === undefined
    ? undefined
    : note(Math.abs(one) > Math.abs(other) ? 'value-times-too-large' : 'value-times-too-small', { times })
}

const fraction: Detector = ({ got, expected }) => {
  if (!isNumber(got) || !isNumber(expected)) return undefined
  const [one, other] = [Number(got.value), Number(expected.value)]
  if (!Number.isInteger(one) && one !== other && (Math.floor(one) === other || Math.round(one) === other))
    return note('value-fraction-kept')
  return Number.isInteger(one) && !Number.isInteger(other) && (Math.floor(other) === one || Math.round(other) === one)
    ? note('value-fraction-lost')
    : undefined
}

/** The parts of a sequence or text, as values that can be compared. */
function parts(value: PythonValue): readonly PythonValue[] | undefined {
  return value.kind === 'str'
    ? Array.from(value.value, letter => ({ kind: 'str', value: letter }) as const)
    : itemsOf(value)
}

const ends: Detector = ({ got, expected }) => {
  const [some, all] = [parts(got), parts(expected)]
  if (some === undefined || all === undefined || got.kind !== expected.kind) return undefined
  const same = (one: readonly PythonValue[], other: readonly PythonValue[]): boolean =>
    one.length === other.length && one.every((item, at) => equal(item, other[at] ?? { kind: 'none' }))
  if (all.length > 0 && same(some, all.slice(1))) return note('value-first-missing')
  if (all.length > 0 && same(some, all.slice(0, -1))) return note('value-last-missing')
  if (some.length > 0 && (same(some.slice(1), all) || same(some.slice(0, -1), all))) return note('value-one-too-many')
  if (all.length > 1 && same(some.toReversed(), all)) return note('value-reversed')
  const sorted = (items: readonly PythonValue[]): string =>
    items
      .map(item => repr(item))
      .toSorted()
      .join()
  if (all.length > 1 && sorted(some) === sorted(all)) return note('value-order')
  const distinct = (items: readonly PythonValue[]): string =>
    [...new Set(items.map(item => repr(item)))].toSorted().join()
  return got.kind !== 'str' && some.length !== all.length && distinct(some) === distinct(all)
    ? note('value-repeats')
    : undefined
}

const onlyFirst: Detector = ({ got, expected }) => {
  const [some, all] = [itemsOf(got), itemsOf(expected)]
  return some?.length === 1 &&
    all !== undefined &&
    all.length > 2 &&
    some[0] !== undefined &&
    all[0] !== undefined &&
    equal(some[0], all[0])
    ? note('value-only-first')
    : undefined
}

/** A value with every text in it changed. */
function withTexts(value: PythonValue, change: (text: string) => string): PythonValue {
  if (value.kind === 'str') return { kind: 'str', value: change(value.value) }
  if (value.kind === 'dict')
    return {
      kind: 'dict',
      entries: value.entries.map(([key, item]) => [withTexts(key, change), withTexts(item, change)]),
    }
  return 'items' in value ? { kind: value.kind, items: value.items.map(item => withTexts(item, change)) } : value
}

const letters: Detector = ({ got, expected }) => {
  if (got.kind !== expected.kind) return undefined
  const alike = (change: (text: string) => string): boolean =>
    equal(withTexts(got, change), withTexts(expected, change))
  if (alike(text => text.toLowerCase())) return note('text-case')
  return alike(text => text.replaceAll(/\s/g, '')) ? note('text-blanks') : undefined
}

const flat = (items: readonly PythonValue[]): PythonValue[] =>
  items.flatMap(item => (item.kind === 'list' ? flat(item.items) : [item]))

const nested: Detector = ({ got, expected }) => {
  if (got.kind !== 'list' || expected.kind !== 'list') return undefined
  const [some, all] = [flat(got.items), flat(expected.items)]
  if (some.length === got.items.length && all.length === expected.items.length) return undefined
  if (!equal({ kind: 'list', items: some }, { kind: 'list', items: all })) return undefined
  return some.length - got.items.length > all.length - expected.items.length
    ? note('value-list-in-list')
    : note('value-list-flat')
}

const numbersIn = /-?\d+(?:\.\d+)?/g

/** The pairs of numbers of two texts that differ only in their numbers. */
export function numberPairs(got: string, expected: string): [string, string][] {
  if (got.replaceAll(numbersIn, '0') !== expected.replaceAll(numbersIn, '0')) return []
  const all = expected.match(numbersIn) ?? []
  return (got.match(numbersIn) ?? []).map((some, at) => [some, all[at] ?? ''])
}

/** Detects numbers in a text that are right except for the number of digits shown. */
const digits: Detector = ({ got, expected }) => {
  if (got.kind !== 'str' || expected.kind !== 'str') return undefined
  const pairs = numberPairs(got.value, expected.value).filter(([some, all]) => some !== all)
  if (pairs.length === 0) return undefined
  if (pairs.every(([some, all]) => Number(some) === Number(all))) return note('text-digits')
  const last = (text: string): number => 10 ** -(text.split('.')[1]?.length ?? 0)
  const isNear = pairs.every(
    ([some, all]) => all.includes('.') && Math.abs(Number(some) - Number(all)) < 1.5 * last(all),
  )
  return isNear ? note('text-last-digit') : undefined
}

const padding = (value: string): string => value.replaceAll(/(?<![\d.])0+(?=\d)/g, '')

const textParts: Detector = ({ got, expected }) => {
  if (got.kind !== 'str' || expected.kind !== 'str' || got.value === expected.value) return undefined
  const [some, all] = [got.value, expected.value]
  if (padding(some) === padding(all)) return note(some.length < all.length ? 'text-zeros-missing' : 'text-zeros-extra')
  if (some.length > 2 && all.includes(some) && numberPairs(some, all).length === 0) return note('text-part-missing')
  return all.length > 2 && some.includes(all) && numberPairs(some, all).length === 0
    ? note('text-part-extra')
    : undefined
}

/** Whether all of some items are among others, counting repetitions. */
function isAmong(some: readonly PythonValue[], all: readonly PythonValue[]): boolean {
  const left = all.map(item => repr(item))
  return some.every(item => {
    const at = left.indexOf(repr(item))
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
}

const elements = (value: PythonValue): PythonValue[] | undefined =>
  value.kind === 'dict' ? value.entries.map(([key]) => key) : 'items' in value ? value.items : undefined

const membership: Detector = ({ got, expected }) => {
  const [some, all] = [elements(got), elements(expected)]
  if (some === undefined || all === undefined || got.kind !== expected.kind || some.length === all.length)
    return undefined
  if (some.length < all.length && isAmong(some, all)) return note('value-items-missing')
  return some.length > all.length && isAmong(all, some) ? note('value-items-extra') : undefined
}

const otherType: Detector = ({ got, expected }) =>
  got.kind !== expected.kind && got.kind !== 'none' && !(isNumber(got) && isNumber(expected))
    ? note('value-type', { got: typeName(got), expected: typeName(expected) })
    : undefined

/** The most specific first. */
const detectors: readonly Detector[] = [
  printsInstead,
  returnsNothing,
  functionItself,
  asText,
  wrapped,
  nested,
  truth,
  byOne,
  sign,
  rounding,
  fraction,
  factor,
  onlyFirst,
  letters,
  ends,
  textParts,
  digits,
  membership,
  otherType,
]

/** What is wrong with one answer, by the first detector that matches. */
export function mistakeIn(answer: CallComparison): Note | undefined {
  for (const detector of detectors) {
    const found = detector(answer)
    if (found !== undefined) return found
  }
  return undefined
}
