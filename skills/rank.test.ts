import { expect, test } from 'vitest'
import { ideaNames, ideaPhrases } from './ideas.ts'
import { openIndex, readSkills } from './rank.ts'
import { slipCorrector } from './slips.ts'
import { termsOf } from './terms.ts'

// How well phrases find their skill is measured through the MCP tool: mcp-server/find.test.ts.
const texts = await readSkills()
const index = openIndex(texts)

test('words that nobody here uses find nothing, and any text is taken', () => {
  expect(index.rank('xylophone zeppelin')).toEqual([])
  expect(index.rank('')).toEqual([])
  expect(index.rank('\u0000 \u202e "; drop table topics; -- '.repeat(10_000))[0]?.skill).toBe('kafka-topics')
})

test('a phrase stands for its idea, also with words in between, and its words for nothing else', () => {
  expect(termsOf('shut the whole platform down')).toEqual(expect.arrayContaining(['#stop', '#whole']))
  expect(termsOf('the event bus')).toContain('#kafka')
  expect(termsOf('the event bus')).not.toContain('#message')
  expect(termsOf('exercise agent')).toEqual(expect.arrayContaining(['#agent', 'agent']))
})

test('a slip of the fingers is corrected, another word is not', () => {
  const correct = slipCorrector(['kafka', 'event', 'lanes', 'mastery', 'topic'])
  expect(correct(['kakfa', 'toipc', 'mastry', 'masteryy'])).toEqual(['kafka', 'topic', 'mastery', 'mastery'])
  expect(correct(['even', 'lands', 'topics', 'xy'])).toEqual(['even', 'lands', 'topics', 'xy'])
})

test('every idea is one of a skill, and its phrases are short: a phrasing of the evals cannot be one', () => {
  const own = new Set(
    texts.flatMap(({ name, keywords, scripts }) =>
      [name, ...keywords.split(' '), ...scripts.map(({ op }) => op)].flatMap(termsOf),
    ),
  )
  expect(ideaNames.filter(name => !own.has(`#${name}`))).toEqual([])
  expect(new Set(ideaNames).size).toBe(ideaNames.length)
  expect(ideaPhrases.filter(words => words.length > 4)).toEqual([])
})
