import type { PythonValue } from '../../platform/ports/python-value.ts'
import { note } from './note.ts'
import { type Detector, equal } from './call-comparison.ts'

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

export const letters: Detector = ({ got, expected }) => {
  if (got.kind !== expected.kind) return undefined
  const alike = (change: (text: string) => string): boolean =>
    equal(withTexts(got, change), withTexts(expected, change))
  if (alike(text => text.toLowerCase())) return note('text-case')
  return alike(text => text.replaceAll(/\s/g, '')) ? note('text-blanks') : undefined
}

const numbersIn = /-?\d+(?:\.\d+)?/g

/** The pairs of numbers of two texts that differ only in their numbers. */
export function numberPairs(got: string, expected: string): [string, string][] {
  if (got.replaceAll(numbersIn, '0') !== expected.replaceAll(numbersIn, '0')) return []
  const all = expected.match(numbersIn) ?? []
  return (got.match(numbersIn) ?? []).map((some, at) => [some, all[at] ?? ''])
}

/** Detects numbers in a text that are right except for the number of digits shown. */
export const digits: Detector = ({ got, expected }) => {
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

export const textParts: Detector = ({ got, expected }) => {
  if (got.kind !== 'str' || expected.kind !== 'str' || got.value === expected.value) return undefined
  const [some, all] = [got.value, expected.value]
  if (padding(some) === padding(all)) return note(some.length < all.length ? 'text-zeros-missing' : 'text-zeros-extra')
  if (some.length > 2 && all.includes(some) && numberPairs(some, all).length === 0) return note('text-part-missing')
  return all.length > 2 && some.includes(all) && numberPairs(some, all).length === 0
    ? note('text-part-extra')
    : undefined
}
