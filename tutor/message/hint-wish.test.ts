import { expect, test } from 'vitest'
import { wantsHint } from './hint-wish.ts'

test.each([
  'hint',
  'Hint?',
  'hint please!',
  'another hint',
  'one more hint pls',
  'Can I get a hint?',
  "I'm stuck, could you give me a hint please",
  'give me the next hint for this exercise',
  'I need a clue where to start',
  'a tip on how to fix my code',
  'noch einen Tipp bitte',
  'encore un indice svp',
  'otra pista por favor',
  'подсказку пожалуйста',
  '提示',
])('asks for a hint: %s', text => expect(wantsHint(text)).toBe(true))

test.each([
  '',
  'why?',
  'another one',
  'what are type hints?',
  'no hint please',
  "don't give me a hint",
  'the hint did not help, what is an accumulator?',
  'give me a hint about decorators',
  'tips for learning Python in a month',
  `hint ${'please '.repeat(60)}`,
])('asks for none, or for something else: %s', text => expect(wantsHint(text)).toBe(false))

test('the name of the exercise may be said, but no other', () => {
  expect(wantsHint('a hint for unique dates please', ['unique-dates', 'Unique dates'])).toBe(true)
  expect(wantsHint('a hint for unique_day', ['unique-dates', 'unique_day'])).toBe(true)
  expect(wantsHint('a hint for unique dates please', ['square', 'Square'])).toBe(false)
})
