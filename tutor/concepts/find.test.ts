import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { topicOf } from './answer.ts'
import { findConcept } from './find.ts'
import { type LabelledQuestion, labelledQuestions } from './questions.ts'

const conceptsOf = (ids: readonly string[]): string[] =>
  ids.flatMap(id => {
    const topic = topicOf(id)
    if (topic === undefined) throw new RangeError(`a question has the unknown topic ${id}`)
    return topic.kind === 'concept' ? [id] : topic.about
  })

/** The share of questions whose very topic, whose concept, or whose absence was found. */
function figures(questions: readonly LabelledQuestion[]): { topic: number; concept: number; absent: number } {
  const [answered, unanswered] = [
    questions.filter(one => one.topics.length > 0),
    questions.filter(one => one.topics.length === 0),
  ]
  const share = (list: readonly LabelledQuestion[], right: (one: LabelledQuestion) => boolean): number =>
    list.filter(right).length / list.length
  const found = (question: string): ReturnType<typeof findConcept>['topic'] => findConcept(question).topic
  return {
    topic: share(answered, ({ question, topics }) => topics.includes(found(question)?.id ?? '')),
    concept: share(answered, ({ question, topics }) =>
      (found(question)?.concepts ?? []).some(id => conceptsOf(topics).includes(id)),
    ),
    absent: share(unanswered, ({ question }) => found(question) === undefined),
  }
}

test('the questions it was made by find their topic', () => {
  const { topic, absent } = figures(labelledQuestions('develop'))
  expect(topic).toBeGreaterThanOrEqual(0.98)
  expect(absent).toBeGreaterThanOrEqual(0.88)
})

test('of the questions held out nine of ten find their topic, and unknown ones are told', () => {
  const { topic, concept, absent } = figures(labelledQuestions('held out'))
  console.log(`held out: topic ${topic.toFixed(3)}, concept ${concept.toFixed(3)}, absent ${absent.toFixed(3)}`)
  expect(topic).toBeGreaterThanOrEqual(0.9)
  expect(concept).toBeGreaterThanOrEqual(0.9)
  expect(absent).toBeGreaterThanOrEqual(0.85)
})

test('typing mistakes are read over', () => {
  for (const [question, id] of [
    ['what is a dictonary', 'dictionaries'],
    ['explain recurison', 'recursion'],
    ['wat is a lsit comprehnsion', 'list-comprehensions'],
    ['decoraters??', 'decorators'],
  ])
    expect([question, findConcept(question ?? '').topic?.id]).toEqual([question, id])
})

test('code that is pointed at decides when the words do not', () => {
  expect(findConcept('what does this do?\n```\n[n * 2 for n in numbers]\n```').topic?.id).toBe('list-comprehensions')
  expect(findConcept('can you explain this line', { code: 'total = lambda a: a + 1' }).topic?.id).toBe('lambda')
  expect(findConcept('can you explain this line').topic).toBeUndefined()
})

test('a comparison needs both of its sides', () => {
  expect(findConcept('list vs tuple').topic).toMatchObject({ kind: 'comparison', id: 'list-or-tuple' })
  expect(findConcept('list vs spreadsheet').topic?.kind).not.toBe('comparison')
})

test('any text is answered or not, in bounded time', () => {
  assert(
    property(string({ unit: 'grapheme', maxLength: 200 }), text => {
      const { topic, nearest } = findConcept(text)
      for (const { confidence } of [...(topic === undefined ? [] : [topic]), ...nearest])
        expect(confidence >= 0 && confidence <= 1).toBe(true)
    }),
  )
  for (const text of [
    '',
    ' ',
    '\0',
    '🙂',
    'a'.repeat(100_000),
    '[for '.repeat(20_000),
    'is '.repeat(9_000),
    '_'.repeat(50_000),
  ])
    findConcept(text, { code: text })
})
