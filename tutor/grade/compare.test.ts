import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { compare } from './compare.ts'
import { repr } from '../python/repr.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await sharedSandbox()
})
afterAll(async () => sandbox[Symbol.asyncDispose]())

const numbers = [
  '0',
  '1',
  '-1',
  '2',
  'True',
  'False',
  '0.0',
  '-0.0',
  '1.0',
  '0.1',
  '1e16',
  '2**53',
  '2**53 + 1',
  'float(2**53)',
  '10**30',
  '1e30',
  'nan',
  'inf',
  '1j',
  '1 + 0j',
  '0j',
  '-0.0 + 1j',
]
const leaf = fc.oneof(
  fc.constantFrom(...numbers),
  fc.constantFrom(
    'None',
    "''",
    "'a'",
    "'A'",
    "'1'",
    String.raw`'\xe9'`,
    String.raw`'e\u0301'`,
    "b''",
    "b'a'",
    "bytearray(b'a')",
    'range(2)',
    'object()',
  ),
)
const hashable = fc.constantFrom(
  '0',
  '1',
  'True',
  '1.0',
  '0j',
  "'a'",
  "b'a'",
  'None',
  '()',
  '(1,)',
  '(True,)',
  'frozenset({1})',
  'frozenset({1.0})',
  'nan',
)
/**
 * Expressions over built-in data; `nan` is one object, so that Python's shortcut for identical items holds as it does
 * for us.
 */
const { value: expression } = fc.letrec<{ value: string }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }).map(items => `[${items.join(', ')}]`),
    fc.array(tie('value'), { maxLength: 3 }).map(items => `(${items.map(item => `${item}, `).join('')})`),
    fc.array(hashable, { maxLength: 3 }).map(items => `set([${items.join(', ')}])`),
    fc.array(hashable, { maxLength: 3 }).map(items => `frozenset([${items.join(', ')}])`),
    fc
      .array(fc.tuple(hashable, tie('value')), { maxLength: 3 })
      .map(items => `{${items.map(([key, item]) => `${key}: ${item}`).join(', ')}}`),
  ),
}))

const prelude = 'from fractions import Fraction\nfrom decimal import Decimal\nnan, inf = float("nan"), float("inf")'

async function valuesOf(expressions: readonly string[]): Promise<PythonValue[]> {
  const run = await sandbox.run({
    code: prelude,
    calls: expressions.map(call => ({ call })),
    trusted: true,
    seconds: 30,
  })
  return run.calls.map(({ value, error }, at) => {
    if (value === undefined) throw new Error(`${expressions[at]}: ${error?.message}`)
    return value
  })
}

test('two values are equal here exactly when they are in Python', async () => {
  const pairs = fc
    .sample(fc.tuple(expression, fc.oneof(expression, fc.constant(''))), { numRuns: 300, seed: 20_240_814 })
    .map(([one, other]) => [one, other || one] as const)
  const [values, verdicts] = await Promise.all([
    valuesOf(pairs.flatMap(([one, other]) => [`[${one}]`, `[${other}]`])),
    valuesOf(pairs.map(([one, other]) => `[${one}] == [${other}]`)),
  ])
  for (const [at, [one, other]] of pairs.entries()) {
    // An object that is not plain data equals nothing here, whatever its own methods return.
    if (/object|range/.test(one + other)) continue
    const [left, right] = [values[2 * at]!, values[2 * at + 1]!]
    expect([one, other, compare(left, right).equal]).toEqual([one, other, (verdicts[at] as { value: boolean }).value])
    expect(compare(left, right).equal).toBe(compare(right, left).equal)
  }
})

test('numbers of different types are equal by exact value, with a note that names the types', async () => {
  const [yes, one, float, large, near] = await valuesOf(['True', '1', '1.0', '2**53 + 1', 'float(2**53)'])
  expect(compare(yes!, one!)).toEqual({
    equal: true,
    difference: { code: 'type-equal', got: 'bool', expected: 'int' },
  })
  expect(compare(float!, one!)).toEqual({
    equal: true,
    difference: { code: 'type-equal', got: 'float', expected: 'int' },
  })
  expect(compare(large!, near!)).toEqual({ equal: false })
})

test('Fractions, Decimals and views of dicts are equal to what they are equal to in Python', async () => {
  const numbers = [
    'Fraction(1, 2)',
    'Fraction(1, 10)',
    'Fraction(4, 2)',
    'Decimal("0.5")',
    'Decimal("0.1")',
    'Decimal("2E+2")',
  ]
  const others = ['0.5', '0.1', '2', 'True', '200.0', '0.5 + 0j', 'Decimal("NaN")', '"0.5"', 'inf']
  const views = ['{1: 2}.keys()', '{1: 2}.items()', '{1: 2}.values()', '{1}', '{(1, 2)}', '[1]', 'frozenset([1])']
  const pairs = [
    ...numbers.flatMap(one => [...numbers, ...others].map(other => [one, other] as const)),
    ...views.flatMap(one => views.map(other => [one, other] as const)),
    ...numbers.flatMap(one =>
      [...numbers, ...others.slice(0, 5)].map(other => [`{${one}: 1}`, `{${other}: 1}`] as const),
    ),
  ]
  const [values, verdicts] = await Promise.all([valuesOf(pairs.flat()), valuesOf(pairs.map(pair => pair.join(' == ')))])
  for (const [at, [one, other]] of pairs.entries()) {
    if (one.includes('values') && other.includes('values')) continue
    const { equal } = compare(values[2 * at]!, values[2 * at + 1]!)
    expect([one, other, equal]).toEqual([one, other, (verdicts[at] as { value: boolean }).value])
  }
  const [view] = await valuesOf(['{1: "a"}.items()'])
  expect(repr(view!)).toBe("dict_items([(1, 'a')])")
})

test('a tolerance holds at every depth and is relative above 1', async () => {
  const [got, wanted, far] = await valuesOf([
    '{"a": [0.1 + 0.2, 1e12 + 1]}',
    '{"a": [0.3, 1e12]}',
    '{"a": [0.31, 1e12]}',
  ])
  expect(compare(got!, wanted!).equal).toBe(false)
  expect(compare(got!, wanted!, 1e-9).equal).toBe(true)
  expect(compare(got!, far!, 1e-9).equal).toBe(false)
  const [some, others] = await valuesOf(['{0.1 + 0.2, 5}', '{5, 0.3}'])
  expect(compare(some!, others!, 1e-9).equal).toBe(true)
})

test('a tolerance holds in sets of tuples and in keys, and nothing is near an infinity', async () => {
  const pairs = [
    ['{(0.1 + 0.2, "a"), (1.1 + 2.2, "b")}', '{(3.3, "b"), (0.3, "a")}', true],
    ['{(0.1 + 0.2, "a"), (1.1 + 2.2, "b")}', '{(3.3, "a"), (0.3, "b")}', false],
    ['{0.1 + 0.2, "a", None}', '{0.3, "a", None}', true],
    ['{0.1 + 0.2, 0.3}', '{0.3, 0.4}', false],
    ['{0.1 + 0.2: 1, "x": 2}', '{"x": 2, 0.3: 1}', true],
    ['{0.1 + 0.2: 1}', '{0.3: 2}', false],
    ['5', 'inf', false],
    ['-inf', 'inf', false],
    ['inf', '1e308', false],
    ['nan', '1.0', false],
    ['[inf, nan]', '[inf, nan]', true],
  ] as const
  const values = await valuesOf(pairs.flatMap(([one, other]) => [one, other]))
  for (const [at, [one, other, equal]] of pairs.entries())
    expect([one, other, compare(values[2 * at]!, values[2 * at + 1]!, 1e-9).equal]).toEqual([one, other, equal])
})

test('what is no plain data equals nothing, not even itself', async () => {
  const [object] = await valuesOf(['range(3)'])
  expect(compare(object!, object!)).toEqual({
    equal: false,
    difference: { code: 'type-other', got: 'range', expected: 'range' },
  })
})

test('a value is shown as Python shows it', async () => {
  const floats = fc
    .sample(fc.oneof(fc.double(), fc.double({ min: 1e-7, max: 1e22 }), fc.float(), fc.integer().map(Number)), {
      numRuns: 150,
      seed: 1,
    })
    .map(value =>
      Number.isFinite(value) ? `float.fromhex('${Object.is(value, -0) ? '-0.0' : value.toString()}')` : 'inf',
    )
  const texts = fc
    .sample(
      fc.string({
        unit: fc.oneof(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
          fc.constantFrom('\0', '\n', '\t', '\u007F', '\u00A0', '\u00AD', '\u2028', '\uFEFF', '\uE000', "'", '"', '\\'),
        ),
        maxLength: 6,
      }),
      { numRuns: 150, seed: 2 },
    )
    .map(text =>
      JSON.stringify(text).replaceAll(
        /[^ -~]/gu,
        found => String.raw`\U${found.codePointAt(0)!.toString(16).padStart(8, '0')}`,
      ),
    )
  const samples = fc.sample(expression, { numRuns: 150, seed: 3 }).filter(one => !/object|bytearray|set.*nan/.test(one))
  const expressions = [
    ...floats.map(one => one.replace(/^float\.fromhex\('(.*)'\)$/, 'float("$1")')),
    ...texts,
    ...samples,
  ]
  const [values, texted] = await Promise.all([valuesOf(expressions), valuesOf(expressions.map(one => `repr(${one})`))])
  for (const [at, value] of values.entries()) expect(repr(value)).toBe((texted[at] as { value: string }).value)
})

test('a long value is cut', async () => {
  const [long] = await valuesOf(['list(range(1000))'])
  expect(repr(long!)).toMatch(/^\[0, 1, 2,.*\.\.\.$/)
  expect(repr(long!)).toHaveLength(300)
})
