import { expect, test } from 'vitest'
import { recommend, type Tried } from './recommend.ts'
import { type Offered, readWish } from './wish.ts'

const offered: Offered[] = [
  { id: 'sum-up', title: 'Sum up', module: 'basics', level: 'easy', concepts: ['arithmetic'] },
  { id: 'rest', title: 'The rest', module: 'basics', level: 'medium', concepts: ['remainder'] },
  {
    id: 'squares',
    title: 'Squares',
    module: 'data-structures',
    level: 'easy',
    concepts: ['list-comprehension', 'lists'],
  },
  { id: 'nest', title: 'Nests', module: 'data-structures', level: 'hard', concepts: ['lists', 'recursion'] },
  { id: 'loop', title: 'Round and round', module: 'control-flow', level: 'easy', concepts: ['for-loop'] },
]
const now = new Date('2026-03-20T12:00:00Z')
const did = (exercise_id: string, passed: boolean, day: number, attempts = 1): Tried => ({
  exercise_id,
  passed,
  attempts,
  last_at: new Date(Date.UTC(2026, 2, day)),
})
const ask = (
  text: string,
  tried: Tried[] = [],
  due: { exercise_id: string; class_id: string; due: string | null }[] = [],
) => recommend(offered, { tried, due, wish: readWish(text, offered), now })
const ids = (text: string, tried: Tried[] = []) => ask(text, tried).suggestions.map(({ id }) => id)

test('without a wish: assigned first, then begun, then the next of the course, then what was passed long ago', () => {
  expect(ids('give me an exercise')).toEqual(['sum-up', 'rest', 'loop'])
  expect(ids('next exercise please', [did('sum-up', true, 19)])).toEqual(['rest', 'loop', 'squares'])
  expect(ask('what should I do', [did('rest', false, 19, 2)]).suggestions[0]).toMatchObject({
    id: 'rest',
    reason: 'you tried it 2 times and are not done yet',
  })
  expect(ids('another one', [did('rest', false, 19, 2)])[0]).toBe('sum-up')
  expect(
    ask(
      'something to do',
      [did('rest', false, 19)],
      [{ exercise_id: 'nest', class_id: 'py1', due: '2026-04-01T10:00:00' }],
    )
      .suggestions.map(({ id, reason }) => `${id}: ${reason}`)
      .slice(0, 2),
  ).toEqual(['nest: assigned to py1, due 2026-04-01T10:00Z', 'rest: you tried it once and are not done yet'])
  const all = offered.map(({ id }, at) => did(id, true, at + 1))
  expect(ask('exercise', all).suggestions.map(({ reason }) => reason)[0]).toMatch(/passed it 19 days ago/)
  expect(
    ids(
      'exercise',
      offered.map(({ id }) => did(id, true, 19)),
    ),
    'all passed yesterday',
  ).toEqual([])
})

test('a student goes on in the module of the newest attempt', () => {
  expect(ids('exercise', [did('squares', true, 19)])[0]).toBe('nest')
})

test.each([
  ['easy exercises on list comprehensions', ['squares']],
  ['a harder one about recursion', ['nest']],
  ['I want to practise for loops', ['loop']],
  ['something on lists', ['squares', 'nest']],
  ['basics please', ['sum-up', 'rest']],
  ['a challenging task', ['nest']],
])('%s', (text, wanted) => {
  expect(ids(text)).toEqual(wanted)
})

test('a wish that nothing fulfils is told, and nothing else is offered in its place as if it did', () => {
  expect(ask('exercises on decorators')).toMatchObject({ missing: 'decorators' })
  expect(ask('hard exercises on list comprehensions')).toEqual({ suggestions: [], missing: 'list comprehensions' })
})
