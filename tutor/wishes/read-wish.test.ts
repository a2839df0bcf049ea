import { expect, test } from 'vitest'
import { conceptLibrary } from '../concepts/library.ts'
import { readExerciseWish } from './read-wish.ts'
import { words } from './words.ts'

/** A wish, the first concept of each topic or `?` and the words of an unknown one, the level, the number, and what is not to be needed. */
const wishes: readonly (readonly [string, string, string, number, string?])[] = [
  ['easy exercises on list comprehensions', 'list-comprehensions', 'easy', 3],
  ['three hard exercises about dictionaries and loops', 'dictionaries, for-loops', 'hard', 3],
  ['something on recursion for beginners', 'recursion', 'easy', 3],
  ['exercises on while loops, no functions', 'while-loops', '', 3, 'functions'],
  ['5 medium tasks on strings', 'strings', 'medium', 5],
  ['Give me a couple of simple exercises about tuples please', 'tuples', 'easy', 2],
  ['I need ten advanced problems on classes', 'classes', 'hard', 10],
  ['for loops', 'for-loops', '', 3],
  ['exercises for for loops', 'for-loops', '', 3],
  ['some easy exercises for my class on if statements', 'if-elif-else', 'easy', 3],
  ['sets or dictionaries, not too hard', 'sets', 'easy', 3],
  ['one tricky exercise on sorting', 'sorting', 'hard', 1],
  ['list comprehension exercises, easy', 'list-comprehensions', 'easy', 3],
  ['We would like four exercises on file handling', 'files', '', 4],
  ['exception handling for advanced students', 'exceptions', 'hard', 3],
  ['try and except, beginner level', 'exceptions', 'easy', 3],
  ['drills on slicing', 'slicing', '', 3],
  ['exercises that use dictionaries', 'dictionaries', '', 3],
  ['exercises combining sets with sorting', 'sets, sorting', '', 3],
  ['loops without functions or recursion', 'for-loops', '', 3, 'functions, recursion'],
  ['exercises without recursion on lists', 'lists', '', 3, 'recursion'],
  ['25 exercises on dicts', 'dictionaries', '', 10],
  ['an exercise on closures', 'closures', '', 1],
  ['half a dozen warm-ups on string methods', 'string-methods', 'easy', 6],
  ['break and continue', 'break-continue', '', 3],
  ['can you make a handful of moderately difficult exercises on nested loops?', 'nested-loops', 'medium', 5],
  ['object-oriented programming, challenging', 'classes', 'hard', 3],
  ['exercises on inheritance for students who know classes', 'inheritance', '', 3],
  ['something about functions with default arguments', 'functions, default-arguments', '', 3],
  ['two exercises on error handling but no classes', 'exceptions', '', 2, 'classes'],
  ['hard', '', 'hard', 3],
  ['a few exercises', '', '', 3],
  ['exercises on web scraping', '?web scraping', '', 3],
  ['easy exercises on quantum computing', '?quantum computing', 'easy', 3],
  ['regular expressions, 2 exercises, difficult', 'regular-expressions', 'hard', 2],
  ['lambda functions', 'lambda', '', 3],
  ['dictionary exercises for absolute beginners', 'dictionaries', 'easy', 3],
  ['homework for tomorrow: three exercises on enumerate', 'enumerate', '', 3],
  ['practice on f-strings', 'f-strings', '', 3],
  ['not too easy exercises about generators', 'generators', 'medium', 3],
  ['string formatting and input for newbies', 'f-strings, input', 'easy', 3],
  ['seven exercises about list methods', 'list-methods', '', 7],
  ['exercises on whlie loops', 'while-loops', '', 3],
  ['Loops; nothing fancy', 'for-loops', 'easy', 3],
  ['exercises on reading files for pupils who have not learned exceptions', 'files', '', 3, 'exceptions'],
  ['conditionals, no loops, no lists', 'if-elif-else', '', 3, 'for-loops, lists'],
  ['tasks where they have to sort a list of tuples', 'tuples', '', 3],
  ['the modulo operator', 'integer-division', '', 3],
  ['type conversion exercises', 'type-conversion', '', 3],
  ['8 exercises on unpacking and zip', 'unpacking, zip', '', 8],
  ['exercises on loops for grade 9', 'for-loops', '', 3],
  ['grade 9 exercises on loops', 'for-loops', '', 3],
  ['two exercises on loops for grade 9', 'for-loops', '', 2],
  ['exercises on sets, due in 10 days', 'sets', '', 3],
  ['easy exercises on tuples for a class of 25', 'tuples', 'easy', 3],
  ['Python 3 exercises on strings', 'strings', '', 3],
  ['give me five on recursion', 'recursion', '', 5],
  ['4 short, easy exercises on lists', 'lists', 'easy', 4],
  ['not easy exercises on sorting', 'sorting', 'medium', 3],
]

for (const [text, topics, level, count, without = ''] of wishes)
  test(text, () => {
    const wish = readExerciseWish(text)
    const first = (list: typeof wish.topics): string => list.map(({ concepts }) => concepts[0]).join(', ')
    const named = [first(wish.topics), ...wish.unknown.map(part => `?${part}`)].filter(part => part !== '')
    expect([named.join(', '), wish.level ?? '', wish.count, first(wish.without)]).toEqual([
      topics,
      level,
      count,
      without,
    ])
  })

test('the concepts of every wider topic are in the library, and a name stands for one topic', () => {
  const { concepts } = conceptLibrary()
  for (const topic of words.topics) for (const id of topic.concepts) expect(concepts.has(id), id).toBe(true)
  const names = words.topics.flatMap(topic => topic.names)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('a wish of any length and any characters is read', () => {
  for (const part of ['no ', 'the ', 'for loops and ', '((((', '\0', 'a'.repeat(40), 'exercises on on on '])
    expect(readExerciseWish(part.repeat(5_000)).count).toBeGreaterThan(0)
})
