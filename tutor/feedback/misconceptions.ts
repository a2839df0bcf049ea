import type { PythonValue } from '../../platform/ports/python-value.ts'
import { mistakeIn } from './value-feedback.ts'
import { numberPairs } from './text-parts-feedback.ts'
import type { CallComparison } from './call-comparison.ts'
import { compare } from '../grade/compare.ts'
import { repr } from '../python/repr.ts'
import { type Note, note, noteKey } from './note.ts'

/** The share of the wrong answers that a misconception must explain. */
export const share = 0.95

/** What one number can show by chance. */
const coincidences: ReadonlySet<string> = new Set([
  'value-one-too-large',
  'value-one-too-small',
  'value-sign',
  'value-times-too-large',
  'value-times-too-small',
  'value-fraction-kept',
  'value-fraction-lost',
])

const isWrong = ({ got, expected }: CallComparison): boolean => !compare(got, expected).equal

/** What most of the wrong answers have in common, at most one note. */
export function misconceptionsIn(answers: readonly CallComparison[]): Note[] {
  const wrong = answers.filter(isWrong)
  if (wrong.length === 0) return []
  if (isOpposite(answers)) return [note('value-opposite')]
  const whole = mostFrequent(wrong.map(mistakeIn))
  if (whole !== undefined && (wrong.length > 1 || !coincidences.has(whole.code))) return [whole]
  const inside = wrong.map(answer => differences(answer))
  const part = whole ?? mostFrequent(inside.map(parts => mostFrequent(parts.map(mistakeIn))))
  if (part !== undefined && (inside.flat().length > 1 || !coincidences.has(part.code))) return [part]
  if (alwaysTheSame(answers)) return [note('value-constant')]
  const constant = constantDifference(wrong)
  return constant === undefined ? [] : [constant]
}

/** The note that enough of them have. */
export function mostFrequent(notes: readonly (Note | undefined)[], least = share): Note | undefined {
  const groups = Map.groupBy(
    notes.filter(one => one !== undefined),
    noteKey,
  )
  const [best = []] = [...groups.values()].toSorted((one, other) => other.length - one.length)
  return best.length >= least * notes.length ? best[0] : undefined
}

/** The places where two values of the same shape differ: items, values of a dict, numbers in a text. */
function differences(answer: CallComparison): CallComparison[] {
  return partsOf(answer).flatMap(([got, expected]) => {
    const part = { ...answer, got, expected }
    if (!isWrong(part)) return []
    const inside = mistakeIn(part) === undefined ? differences(part) : []
    return inside.length > 0 ? inside : [part]
  })
}

function partsOf({ got, expected }: CallComparison): [PythonValue, PythonValue][] {
  if (got.kind === 'str' && expected.kind === 'str')
    return numberPairs(got.value, expected.value).map(([some, all]) => [asNumber(some), asNumber(all)])
  if (got.kind === 'dict' && expected.kind === 'dict') {
    const wanted = new Map(expected.entries.map(([key, value]) => [repr(key), value]))
    return got.entries.flatMap(([key, value]): [PythonValue, PythonValue][] => {
      const other = wanted.get(repr(key))
      return other === undefined ? [] : [[value, other]]
    })
  }
  if (
    !('items' in got) ||
    !('items' in expected) ||
    got.kind !== expected.kind ||
    got.items.length !== expected.items.length ||
    got.kind === 'set'
  )
    return []
  return got.items.map((item, at) => [item, expected.items[at] ?? { kind: 'none' }])
}

const asNumber = (text: string): PythonValue =>
  text.includes('.') ? { kind: 'float', value: Number(text) } : { kind: 'int', value: BigInt(text) }

/** Whether every answer is the opposite boolean of the expected one, with True and False both expected. */
function isOpposite(answers: readonly CallComparison[]): boolean {
  const asked = answers.filter(({ got, expected }) => got.kind === 'bool' && expected.kind === 'bool')
  return (
    asked.length === answers.length &&
    asked.every(isWrong) &&
    new Set(asked.map(({ expected }) => repr(expected))).size === 2
  )
}

/** Detects numbers that are all wrong by the same amount. */
function constantDifference(wrong: readonly CallComparison[]): Note | undefined {
  const gaps = wrong.map(({ got, expected }) =>
    isNumber(got) && isNumber(expected) ? Number(got.value) - Number(expected.value) : Number.NaN,
  )
  const [first = Number.NaN] = gaps
  if (wrong.length < 2 || Number.isNaN(first) || !gaps.every(gap => gap === first)) return undefined
  return note(first > 0 ? 'value-always-too-large' : 'value-always-too-small')
}

const isNumber = (value: PythonValue): value is Extract<PythonValue, { kind: 'int' | 'float' }> =>
  value.kind === 'int' || value.kind === 'float'

function alwaysTheSame(answers: readonly CallComparison[]): boolean {
  const different = (values: readonly PythonValue[]): number => new Set(values.map(value => repr(value))).size
  return (
    answers.length > 2 &&
    different(answers.map(({ got }) => got)) === 1 &&
    different(answers.map(({ expected }) => expected)) > 2
  )
}
