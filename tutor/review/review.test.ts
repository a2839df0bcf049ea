import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { applyEdits } from './edit.ts'
import { noTask, readProgram } from './read.ts'
import { maxFindings, qualityOf, reviewProgram } from './review.ts'
import { levels, rules } from './rules.ts'

const examples = z
  .record(z.string(), z.strictObject({ says: z.string(), silent: z.string(), task: z.boolean().default(false) }))
  .parse(parse(readFileSync(new URL('examples.yaml', import.meta.url), 'utf8')))

const remarksOn = (
  source: string,
  task = false,
): { rule: string; edits: { from: number; to: number; text: string }[] }[] => {
  const reading = readProgram(source, task ? { ...noTask, returning: new Set(['f']) } : noTask)
  if (reading.problem !== undefined) throw new Error(`${reading.why}: ${source}`)
  return reading.remarks.map(({ rule, edits }) => ({ rule: rule.rule, edits }))
}

test('there is an example for each rule, and no other', () => {
  expect(Object.keys(examples).toSorted()).toEqual([...rules.keys()].toSorted())
})

test.each(Object.entries(examples))(
  '%s is said of what it is about, and not of what looks alike',
  (rule, { says, silent, task }) => {
    expect(remarksOn(says, task).map(remark => remark.rule)).toContain(rule)
    expect(remarksOn(silent, task).map(remark => remark.rule)).not.toContain(rule)
  },
)

test.each(Object.entries(examples))('the edit of %s leaves nothing of it', (rule, { says, task }) => {
  const { edits = [] } = remarksOn(says, task).find(remark => remark.rule === rule) ?? {}
  if (edits.length === 0) return
  expect(remarksOn(applyEdits(says, edits), task).map(remark => remark.rule)).not.toContain(rule)
})

const shown = (source: string, level: (typeof levels)[number]): string[] =>
  reviewProgram(source, { level }).findings.map(({ rule }) => rule)

test('a beginner sees at most five findings, one of a kind, the weightiest first, and more at higher levels', () => {
  const all = Object.values(examples)
    .filter(({ says }) => says.startsWith('def f'))
    .slice(0, 30)
    .map(({ says }, at) => says.replace('def f(', `def part_${at}(`))
    .join('\n')
  for (const level of levels) {
    const found = shown(all, level)
    expect(found).toHaveLength(maxFindings[level])
    expect(new Set(found).size).toBe(found.length)
    const weights = found.map(rule => rules.get(rule)?.weight ?? 0)
    expect(weights).toEqual(weights.toSorted((one, other) => other - one))
  }
  const twice = 'def f(x):\n    return x == None\n\ndef g(x):\n    return x == None\n'
  expect(reviewProgram(twice).findings).toMatchObject([{ rule: 'E711', line: 2, also: [5] }])
})

test('an edit is shown with the lines before and after', () => {
  const { findings } = reviewProgram(
    'def total(prices):\n    sum_ = 0\n    for i in range(len(prices)):\n        sum_ += prices[i]\n    return sum_\n',
  )
  expect(findings).toMatchObject([
    {
      rule: 'range-len',
      line: 3,
      before: 'for i in range(len(prices)):\n    sum_ += prices[i]',
      after: 'for price in prices:\n    sum_ += price',
    },
  ])
  const counting = reviewProgram('def show(n):\n    i = 0\n    while i <= n:\n        print(i)\n        i += 1\n')
  expect(counting.findings).toMatchObject([{ rule: 'while-counter', after: 'for i in range(n + 1):\n    print(i)' }])
})

test('a clean program gets no finding at any level but that it has no docstrings, quality 1 and a true strength', () => {
  const clean = `def average(prices):
    """The mean of the prices, 0 without any."""
    if not prices:
        return 0
    total = sum(prices)
    return total / len(prices)
`
  for (const level of levels) expect(reviewProgram(clean, { level })).toMatchObject({ findings: [], quality: 1 })
  expect(reviewProgram(clean).strength).toEqual({
    rule: 'early-return',
    text: 'Good: `average` deals with the special cases first and leaves, so the rest reads straight on.',
  })
})

test('a program that does not parse is for tutor explain', () => {
  for (const broken of ['def f(:\n    pass\n', 'if x\n    y', 'x = (', "print 'a'", '\tx\n y'])
    expect(reviewProgram(broken)).toMatchObject({
      findings: [],
      quality: null,
      message: expect.stringContaining('learnflow tutor explain'),
    })
  expect(qualityOf('def f(:')).toBeUndefined()
  expect(reviewProgram('')).toMatchObject({ findings: [], quality: 1 })
})

test('what the grammar of the tree does not know is read nevertheless: a bare yield, a form feed', () => {
  const source = 'def f(x):\n    yield\n    print(x)\n\f\ndef g(x):\n    return x\n    print(x)\n'
  expect(shown(source, 'beginner')).toEqual(['unreachable'])
})
