import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { openIndex, readSkills } from './rank.ts'
import { skillNames } from './registry.ts'

const Eval = z.record(
  z.string(),
  z.strictObject({
    finds: z.array(z.string()).min(8),
    misses: z.array(z.strictObject({ says: z.string(), belongs: z.string() })).min(8),
  }),
)
const evals = Eval.parse(parse(await readFile(join(import.meta.dirname, 'evals', 'finding.yaml'), 'utf8')))
const index = openIndex(await readSkills())

test('every skill has phrases that should find it and near misses that belong elsewhere', () => {
  expect(Object.keys(evals).toSorted()).toEqual(skillNames())
  for (const [skill, { misses }] of Object.entries(evals))
    for (const { belongs } of misses)
      expect(['none', ...skillNames().filter(name => name !== skill)]).toContain(belongs)
})

test('the right skill comes first for nine phrases in ten, and among the first three for all but one in fifty', () => {
  const phrases = Object.entries(evals).flatMap(([skill, { finds }]) =>
    finds.map(says => ({ skill, says, place: index.skills(says).indexOf(skill) })),
  )
  const wrong = phrases
    .filter(({ place }) => place !== 0)
    .map(({ skill, says, place }) => `${says}: ${skill} is ${place}, after ${index.skills(says)[0]}`)
  expect(wrong.length / phrases.length, wrong.join('\n')).toBeLessThanOrEqual(0.1)
  expect(
    phrases.filter(({ place }) => place < 0 || place > 2).length / phrases.length,
    wrong.join('\n'),
  ).toBeLessThanOrEqual(0.02)
})

test('a near miss finds where it belongs, not the skill it sounds like', () => {
  const misses = Object.entries(evals).flatMap(([skill, { misses }]) =>
    misses.map(miss => ({ ...miss, skill, found: index.skills(miss.says)[0] })),
  )
  const belonging = misses.filter(({ belongs }) => belongs !== 'none')
  const astray = belonging
    .filter(({ belongs, found }) => found !== belongs)
    .map(({ says, belongs, found }) => `${says}: ${found}, not ${belongs}`)
  expect(astray.length / belonging.length, astray.join('\n')).toBeLessThanOrEqual(0.1)
})

test('words that nobody here uses find nothing, and any text is taken', () => {
  expect(index.rank('xylophone zeppelin')).toEqual([])
  expect(index.rank('')).toEqual([])
  expect(index.rank('\u0000 \u202e "; drop table topics; -- '.repeat(10_000))[0]?.skill).toBe('kafka-topics')
})
