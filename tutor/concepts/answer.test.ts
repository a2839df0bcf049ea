import { expect, test } from 'vitest'
import { answerConcept, countWords, topicOf } from './answer.ts'
import { conceptLibrary } from './library.ts'
import { levels } from './read-entry.ts'

const library = conceptLibrary()
const topics = [...library.concepts.values(), ...library.comparisons.values(), ...library.whys.values()]

test('every answer at every level has at most 250 words and names its exercises and a question', () => {
  for (const topic of topics)
    for (const level of levels) {
      const { text, exercises, ask } = answerConcept(topic, { level })
      expect(countWords(text), `${topic.id} ${level}`).toBeLessThanOrEqual(250)
      expect(text).toContain(`Practise it: ${exercises.join(', ')}.`)
      expect(text).toContain(`Check yourself: ${ask}`)
      expect(text).toContain('it prints:')
    }
})

test('a concept is explained with its steps, a misconception and the prerequisites that are not known', () => {
  const recursion = topicOf('recursion')
  if (recursion === undefined) throw new RangeError('no recursion')
  const { text, missing } = answerConcept(recursion, { known: ['return'] })
  expect(text).toContain('line 4: ' + '  '.repeat(1) + 'factorial returns 6')
  expect(text).toContain('A common mistake is to think: "Calling itself is enough')
  expect(text).toContain('It builds on: if, elif and else.')
  expect(missing).toEqual(['if-elif-else'])
  expect(answerConcept(recursion, { known: ['return', 'if-elif-else'] }).text).not.toContain('It builds on')
})

test('each level says something of its own', () => {
  for (const concept of library.concepts.values())
    expect(new Set(levels.map(level => answerConcept(concept, { level }).text)).size).toBe(3)
})

test('there is no topic of an unknown id', () => {
  expect(topicOf('kubernetes')).toBeUndefined()
  expect(topicOf('__proto__')).toBeUndefined()
})
