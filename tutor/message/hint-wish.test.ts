import { expect, test } from 'vitest'
import { repeatsHint, wantsHint } from './hint-wish.ts'

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
  '给我一个提示',
  'ヒントをください',
  'hint number 2',
  'hint again',
  'repeat the hint please',
  'a hint, but not the solution please',
])('asks for a hint: %s', text => expect(wantsHint(text)).toBe(true))

test.each([
  '',
  'why?',
  'another one',
  'what are type hints?',
  '类型提示是什么',
  'what is a pointer?',
  'my tip calculator prints 0',
  'the hint says use a dict, but why?',
  'hint for exercise 3',
  'no hint please',
  "don't give me a hint",
  'the hint did not help, what is an accumulator?',
  'give me a hint about decorators',
  'tips for learning Python in a month',
  `hint ${'please '.repeat(60)}`,
])('asks for none, or for something else: %s', text => expect(wantsHint(text)).toBe(false))

test('the name of the exercise may be said, but no other', () => {
  expect(wantsHint('a hint for unique dates please', ['unique-dates', 'Unique dates'])).toBe(true)
  expect(wantsHint('hint for unique-dates', ['unique-dates', 'Unique dates'])).toBe(true)
  expect(wantsHint('a hint for unique_day', ['unique-dates', 'unique_day'])).toBe(true)
  expect(wantsHint('a hint for unique dates please', ['square', 'Square'])).toBe(false)
})

test('an exercise may be said by its number', () => {
  expect(wantsHint('hint for exercise 3', ['thirsty-plants', '3'])).toBe(true)
  expect(wantsHint('a hint for the third exercise please', ['thirsty-plants', '3'])).toBe(true)
})

test('the hint given last is told apart from the next one', () => {
  for (const text of ['repeat the hint', 'the same hint please', 'can you say that hint again'])
    expect([wantsHint(text), repeatsHint(text)]).toEqual([true, true])
  const next = ['another hint for the same exercise', 'a hint for the previous task', 'hint: I have the same error']
  for (const text of ['hint', 'hint again', 'another hint', 'next hint', ...next]) expect(repeatsHint(text)).toBe(false)
})
