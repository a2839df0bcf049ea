import { expect, test } from 'vitest'
import { parseYaml } from './positions.ts'

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g'].map(
    (name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdef'[at]}`).join(', ')}]`,
  ),
].join('\n')

test.each([
  ['an alias bomb', bomb, { line: 7, message: expect.stringContaining('aliases') }],
  ['deep brackets', `a: 1\nb: ${'['.repeat(50_000)}`, { line: 2, message: expect.stringContaining('levels deep') }],
  ['deep lists', `${'- '.repeat(30_000)}a`, { line: 1, message: expect.stringContaining('levels deep') }],
  ['a deep map', '{a: '.repeat(20_000), { line: 1, message: expect.stringContaining('levels deep') }],
  ['an alias of nothing', 'a: 1\nb: [2, *c]', { line: 2, column: 8, message: expect.stringContaining('no &c before') }],
  ['a second document', 'a: 1\n---\nb: 2\n', { line: 2, message: expect.stringContaining('second document') }],
])(
  'a YAML that is wrong as a whole or would exhaust the parser is a fault with its place: %s',
  (_name, text, fault) => {
    const { value, faults } = parseYaml(text, 'exercise.yaml')
    expect(value).toBeUndefined()
    expect(faults).toMatchObject([{ path: 'exercise.yaml', column: expect.any(Number), ...fault }])
  },
)

test('ordinary nesting and a few aliases are taken, with the places of their values', () => {
  const { value, faults, placeOf } = parseYaml('a: &x [1, 2]\nb: *x\nc:\n  - d: { e: 1 }\n', 'f')
  expect(faults).toEqual([])
  expect(value).toEqual({ a: [1, 2], b: [1, 2], c: [{ d: { e: 1 } }] })
  expect(placeOf(['c', 0, 'd', 'e'])).toEqual({ line: 4, column: 13 })
})
