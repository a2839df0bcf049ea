import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { GeneratedTest } from '../../schemas/exercise.ts'
import { generateCases, placeholders, seedFor } from './generate-inputs.ts'

const cases = (test: unknown, seed = '1', id = 'made-up') =>
  generateCases({ id, generate: [GeneratedTest.parse(test)] }, seed)

test('the same seed makes the same inputs, another seed others', () => {
  const test = { call: 'f({n})', where: { n: { int: [0, 1_000_000] } } }
  expect(cases(test)).toEqual(cases(test))
  expect(cases(test).map(one => one.call)).not.toEqual(cases(test, '2').map(one => one.call))
  expect(cases(test).map(one => one.call)).not.toEqual(cases(test, '1', 'another').map(one => one.call))
  expect(cases(test)).toHaveLength(5)
})

test('every number of a range comes up and none outside it', () => {
  const values = cases({ call: '{n}', where: { n: { int: [-2, 2] } }, count: 100 }).map(one => one.call)
  expect(new Set(values)).toEqual(new Set(['-2', '-1', '0', '1', '2']))
})

test('a double brace is a brace and a name in braces its value', () => {
  const [one] = cases({ call: "f({{'a': {n}}, '{ }')", where: { n: { int: [7, 7] } }, count: 1 })
  expect(one?.call).toBe("f({'a': 7}, '{ }')")
  expect([...placeholders('{{no} {yes} {Neither}')]).toEqual(['yes'])
})

test('texts are Python strings in a call and themselves in an input', () => {
  const where = {
    t: { text: { alphabet: "'", length: [2, 2] } },
    l: { list: { of: { pick: ['1', '2'] }, length: [3, 3] } },
  }
  expect(cases({ call: 'f({t}, {l})', where, count: 1 })[0]?.call).toMatch(/^f\("''", \[[12], [12], [12]\]\)$/)
  expect(cases({ stdin: '{t}\n{l}\n', where, count: 1 })[0]?.stdin).toMatch(/^''\n[12] [12] [12]\n$/)
})

test('a submission always has the same seed, and all seeds are used alike', () => {
  fc.assert(fc.property(fc.uuid(), id => seedFor(id) === seedFor(id) && /^\d{1,3}$/.test(seedFor(id))))
  const counts = new Map<string, number>()
  for (let at = 0; at < 25_600; at += 1) counts.set(seedFor(String(at)), (counts.get(seedFor(String(at))) ?? 0) + 1)
  expect(counts.size).toBe(256)
  expect(Math.max(...counts.values())).toBeLessThan(160)
})
