import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { applied, shortest } from './changes.ts'
import { sourceOf } from './source.ts'
import { tokensOf } from './tokens.ts'
import { distance } from './words.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('f"', "'", '"""', '\\', '\n', ' ', '{', '}', '#', 'é', '1e', 'x'))
    .map(parts => parts.join('')),
)

test('tokens cover any text: between them lie only blanks and joined lines', () => {
  fc.assert(
    fc.property(text, program => {
      let at = 0
      for (const token of tokensOf(program)) {
        expect(program.slice(at, token.at)).toMatch(/^(?:[ \t\f]|\\\n)*$/)
        expect(program.slice(token.at, token.end)).toBe(token.text)
        at = token.end
      }
      expect(program.slice(at)).toMatch(/^(?:[ \t\f]|\\\n)*$/)
    }),
  )
})

test('a masked line is as long as the line', () => {
  fc.assert(
    fc.property(text, program => {
      for (const line of sourceOf(program).lines) expect(line.masked.length).toBe(line.text.length)
    }),
  )
})

test('the shortest form of a change changes the same', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(5), (old, put, from) => {
      const change = { at: Math.min(from, old.length), end: old.length, text: put }
      expect(applied(old, [shortest(old, change)])).toBe(applied(old, [change]))
    }),
  )
})

test('an exchange of two letters is one step', () => {
  expect([distance('retrun', 'return'), distance('esle', 'else'), distance('for', 'from')]).toEqual([1, 1, 2])
})
