import type { Tolerance } from '../../schemas/exercise.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'

/**
 * `difference` is what a learner should know: that the values are equal but of another type, or why two look-alikes are
 * not equal.
 */
export interface Comparison {
  equal: boolean
  difference?: Difference
}

/** The code of a note and the types it names. */
export type Difference =
  | { code: 'type-equal' | 'type-sequence' | 'type-other'; got: string; expected: string }
  | { code: 'type-too-large' }

type Of<Kind extends PythonValue['kind']> = Extract<PythonValue, { kind: Kind }>
/** Python's numbers; a Fraction or a Decimal is one with a `ratio`. */
type Ratio = Of<'other'> & { ratio: readonly [bigint, bigint] }
type Numeric = Of<'bool'> | Of<'int'> | Of<'float'> | Of<'complex'> | Ratio
type Many = Extract<PythonValue, { items: PythonValue[] }>

const isNumber = (value: PythonValue): value is Numeric =>
  ['bool', 'int', 'float', 'complex'].includes(value.kind) || (value.kind === 'other' && value.ratio !== undefined)
const isSequence = (value: PythonValue): value is Many & { kind: 'list' | 'tuple' } =>
  value.kind === 'list' || value.kind === 'tuple'
const isSet = (value: PythonValue): value is Many & { kind: 'set' | 'frozenset' } =>
  value.kind === 'set' || value.kind === 'frozenset'

/** Types of Python that are no plain data. */
export const standardTypes =
  /^(?:function|method|builtin_function_or_method|type|module|generator|coroutine|map|filter|zip|range|reversed|enumerate|dict_keys|dict_values|dict_items)$/

/** The name of a value's type; `None` for None. */
export function typeName(value: PythonValue): string {
  if (value.kind === 'none') return 'None'
  if ('view' in value && value.view !== undefined) return value.view
  return value.kind === 'other' ? value.type : value.kind
}

/**
 * Whether Python's `==` holds for two values of two interpreters, except that NaN equals NaN, as it does inside a
 * container. `tolerance`: numbers may differ by tolerance * max(1, |expected|), or by the larger one
 * of a share of the expected one and an amount. Anything that is not plain built-in
 * data equals nothing.
 */
export function compare(got: PythonValue, expected: PythonValue, tolerance?: Tolerance): Comparison {
  const found: Difference[] = []
  const equal = equals(got, expected, tolerance, found)
  const [difference] = equal ? found : [whyNot(got, expected)]
  return difference === undefined ? { equal } : { equal, difference }
}

function equals(
  got: PythonValue,
  expected: PythonValue,
  tolerance: Tolerance | undefined,
  found: Difference[],
): boolean {
  if (isNumber(got) && isNumber(expected)) {
    if (typeName(got) !== typeName(expected))
      found.push({ code: 'type-equal', got: typeName(got), expected: typeName(expected) })
    return sameNumber(got, expected, tolerance)
  }
  if (isSequence(got) && got.kind === expected.kind)
    return (
      got.items.length === expected.items.length &&
      got.items.every((item, at) => equals(item, itemAt(expected, at), tolerance, found))
    )
  if (isSet(got) && isSet(expected)) return sameSet(got, expected, tolerance)
  if (got.kind === 'dict' && expected.kind === 'dict') return sameDict(got, expected, tolerance, found)
  if (got.kind === 'str' && expected.kind === 'str') return got.value === expected.value
  if (got.kind === 'bytes' && expected.kind === 'bytes') return Buffer.from(got.value).equals(expected.value)
  return got.kind === 'none' && expected.kind === 'none'
}

function itemAt(value: Many, at: number): PythonValue {
  const item = value.items[at]
  if (item === undefined) throw new RangeError(`a ${value.kind} has no item ${at}`)
  return item
}

function sameNumber(got: Numeric, expected: Numeric, tolerance: Tolerance | undefined): boolean {
  if (numberKey(got) === numberKey(expected)) return true
  if (tolerance === undefined) return false
  const [one, other] = [asComplex(got), asComplex(expected)]
  return near(one.real, other.real, tolerance) && near(one.imaginary, other.imaginary, tolerance)
}

/** No finite number is near an infinity. */
const near = (got: number, expected: number, tolerance: Tolerance): boolean =>
  got === expected || (Number.isFinite(expected) && Math.abs(got - expected) <= room(Math.abs(expected), tolerance))

function room(expected: number, tolerance: Tolerance): number {
  if (typeof tolerance === 'number') return tolerance * Math.max(1, expected)
  return Math.max((tolerance.relative ?? 0) * expected, tolerance.absolute ?? 0)
}

function asComplex(value: Numeric): { real: number; imaginary: number } {
  if (value.kind === 'complex') return value
  return { real: value.kind === 'other' ? floatOf(value.ratio) : Number(value.value), imaginary: 0 }
}

/**
 * Equal texts for numbers that are equal in Python, whatever their types: int, float and bool compare by exact value.
 */
function numberKey(value: Numeric): string {
  if (value.kind === 'complex')
    return value.imaginary === 0 ? floatKey(value.real) : `${floatKey(value.real)}+${floatKey(value.imaginary)}j`
  if (value.kind === 'other') return ratioKey(value.ratio)
  return value.kind === 'float' ? floatKey(value.value) : BigInt(value.value).toString()
}

const floatOf = ([numerator, denominator]: Ratio['ratio']): number => Number(numerator) / Number(denominator)

/** The key of the float that is exactly as large, if there is one. */
function ratioKey([numerator, denominator]: Ratio['ratio']): string {
  if (numerator % denominator === 0n) return (numerator / denominator).toString()
  const near = floatOf([numerator, denominator])
  const [whole, power] = dyadic(near)
  if (whole * denominator === numerator * power) return floatKey(near)
  const common = greatestDivisor(numerator, denominator)
  return `${numerator / common}/${denominator / common}`
}

/** A finite float as a whole number over a power of two. */
function dyadic(value: number): [bigint, bigint] {
  let [scaled, power] = [Number.isFinite(value) ? value : 0, 1n]
  for (; !Number.isInteger(scaled); scaled *= 2) power *= 2n
  return [BigInt(scaled), power]
}

function greatestDivisor(one: bigint, other: bigint): bigint {
  let [large, small] = [one < 0n ? -one : one, other]
  while (small !== 0n) [large, small] = [small, large % small]
  return large
}

const floatKey = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : String(value))

/** Equal texts for hashable values that are equal in Python. */
function key(value: PythonValue): string {
  if (isNumber(value)) return numberKey(value)
  if (value.kind === 'str') return JSON.stringify(value.value)
  if (value.kind === 'bytes') return `b${Buffer.from(value.value).toString('hex')}`
  if (isSequence(value)) return `${value.kind}(${value.items.map(key).join()})`
  if (isSet(value)) return `{${value.items.map(key).toSorted().join()}}`
  // Values that only their own methods can compare equal nothing.
  return value.kind === 'none' ? 'None' : `other ${(others += 1)}`
}
let others = 0

function sameSet(got: Many, expected: Many, tolerance: Tolerance | undefined): boolean {
  if (got.items.length !== expected.items.length) return false
  if (key(got) === key(expected)) return true
  return tolerance !== undefined && pairUp(got.items, expected.items, (one, other) => equals(one, other, tolerance, []))
}

function sameDict(
  got: Of<'dict'>,
  expected: Of<'dict'>,
  tolerance: Tolerance | undefined,
  found: Difference[],
): boolean {
  if (got.entries.length !== expected.entries.length) return false
  const wanted = new Map(expected.entries.map(([name, value]) => [key(name), value]))
  const same = (one: PythonValue, other: PythonValue | undefined): boolean =>
    other !== undefined && equals(one, other, tolerance, found)
  if (got.entries.every(([name, value]) => same(value, wanted.get(key(name))))) return true
  return (
    tolerance !== undefined &&
    pairUp(got.entries, expected.entries, ([name, value], [key, other]) => same(name, key) && same(value, other))
  )
}

/**
 * Whether each item of one list has a partner of its own in the other. Items without an order that are only nearly
 * equal cannot be looked up.
 */
function pairUp<Item>(
  items: readonly Item[],
  others: readonly Item[],
  same: (one: Item, other: Item) => boolean,
): boolean {
  const left = [...others]
  return items.every(item => {
    const at = left.findIndex(other => same(item, other))
    if (at !== -1) left.splice(at, 1)
    return at !== -1
  })
}

/** Why two values that look the same to a learner are not equal. */
function whyNot(got: PythonValue, expected: PythonValue): Difference | undefined {
  const types = { got: typeName(got), expected: typeName(expected) }
  if (got.kind === 'other' && got.type === expected.kind) return { code: 'type-too-large' }
  if (got.kind === 'other' && !isNumber(got)) return { code: 'type-other', ...types }
  if (
    isSequence(got) &&
    isSequence(expected) &&
    got.kind !== expected.kind &&
    equals({ ...got, kind: expected.kind }, expected, undefined, [])
  )
    return { code: 'type-sequence', ...types }
  return undefined
}

/** Whether a value contains something that equals nothing. */
export function holdsOther(value: PythonValue): boolean {
  if (value.kind === 'dict') return value.entries.some(pair => pair.some(holdsOther))
  return 'items' in value ? value.items.some(holdsOther) : value.kind === 'other' && value.ratio === undefined
}
