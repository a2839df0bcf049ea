import type { PythonValue } from '../../platform/ports/python-value.ts'
import { typeName } from '../grade/compare.ts'
import { repr } from '../python/repr.ts'
import { type Note, note } from './note.ts'
import { type CallComparison, type Detector, equal, isNumber } from './call-comparison.ts'
import { byOne, sign, rounding, factor, fraction } from './number-feedback.ts'
import { letters, digits, textParts } from './text-parts-feedback.ts'

const text = (value: PythonValue): string => (value.kind === 'str' ? value.value : repr(value))
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
