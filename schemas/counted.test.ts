import { expect, test } from 'vitest'
import { counted } from './counted.ts'

test('one is told in the singular, any other number in the plural', () => {
  expect([0, 1, 2].map(count => counted(count, 'problem'))).toEqual(['0 problems', '1 problem', '2 problems'])
  expect(['process', 'class', 'match', 'day'].map(noun => counted(3, noun))).toEqual([
    '3 processes',
    '3 classes',
    '3 matches',
    '3 days',
  ])
})
