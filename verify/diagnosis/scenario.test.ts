import { expect, test } from 'vitest'
import { commandsOf } from './fix.ts'
import { scoreOf } from './scenario.ts'
import { scenarios } from './scenarios/all.ts'

const named = (...causes: string[]) => causes.map(cause => ({ cause, evidence: '', fix: '' }))
const two = { roots: [{ cause: /disk/ }, { cause: /topic/ }] }

test.each([
  [['disk', 'topic'], 1],
  [['disk', 'topic', 'agent', 'lane'], 0.5],
  [['disk', 'agent'], 0],
  [[], 0],
])('a diagnosis that names %j of a disk and a topic scores %d', (causes, score) => {
  expect(scoreOf(two, named(...causes))).toBe(score)
})

test('of a healthy platform nothing may be named', () => {
  expect(scoreOf({ roots: [] }, [])).toBe(1)
  expect(scoreOf({ roots: [] }, named('disk'))).toBe(0)
})

test.each([
  ['kill 12', [['kill', '12']]],
  [
    'mv /a/b /a/c; then learnflow kafka-deploy deploy',
    [
      ['mv', '/a/b', '/a/c'],
      ['learnflow', 'kafka-deploy', 'deploy'],
    ],
  ],
  ['learnflow kafka-topics create (learning.events)', [['learnflow', 'kafka-topics', 'create']]],
  ['free some space on the disk: what has ended starts again by itself', []],
])('the commands of "%s"', (fix, commands) => {
  expect(commandsOf(fix)).toEqual(commands)
})

test('scenarios have names of their own, and at least 31 are faults', () => {
  expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length)
  expect(scenarios.filter(({ roots }) => roots.length > 0).length).toBeGreaterThanOrEqual(31)
})
