import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { qualityFrom } from './quality.ts'
import { readProgram } from './read.ts'
import { rules } from './rules.ts'

const examples = Object.values(
  z
    .record(z.string(), z.object({ says: z.string() }))
    .parse(parse(readFileSync(new URL('examples.yaml', import.meta.url), 'utf8'))),
).map(({ says }) => says)

/** What is said of the syntax tree: without places and layout. */
function said(source: string): unknown {
  const reading = readProgram(source)
  if (reading.problem !== undefined) throw new Error(`${reading.why}: ${source}`)
  const tree = reading.remarks.filter(({ rule }) => rule.kind !== 'layout')
  return {
    remarks: tree
      .map(({ rule, reason }) => [rule.rule, reason].join(' '))
      .toSorted((one, other) => one.localeCompare(other)),
    quality: reading.quality,
  }
}

const comment = fc.constantFrom('', '  # why', ' # noqa', '#: "quoted', '   ')
const between = fc.constantFrom('', '', '\n', '    # a comment\n', '\n\n', '# noqa: E711\n')
const operator = / (==|\+|\*|<|>|%|\+=|=) (?=[^'"]*$)/g

test('comments, blank lines, spaces and line ends change nothing that is said of the tree', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...examples.filter(source => !/"""/.test(source))),
      fc.array(fc.record({ comment, between, spaces: fc.constantFrom(' ', '  ', '') }), {
        minLength: 50,
        maxLength: 50,
      }),
      fc.constantFrom('\n', '\r\n'),
      (source, styles, ending) => {
        const lines = source.trimEnd().split('\n')
        const changed = lines.map((line, at) => {
          const style = styles[at]
          const spaced = line.replaceAll(operator, (_all, sign: string) => `${style?.spaces}${sign}${style?.spaces}`)
          return `${style?.between}${spaced}${style?.comment}`
        })
        expect(said(`${changed.join('\n')}\n`.replaceAll('\n', ending))).toEqual(said(source))
      },
    ),
    { numRuns: 300 },
  )
})

test('quotes, parentheses and semicolons change nothing that is said of the tree', () => {
  const pairs = [
    [
      "def f(x):\n    if x == 'a' or 'b':\n        return 1\n    return 2\n",
      'def f(x):\n    if (x == "a" or ("b")):\n        return (1);\n    return 2\n',
    ],
    ['def f(a):\n    b = a; c = b; return c == None\n', 'def f(a):\n    b = (a)\n    c = b\n    return (c) == None\n'],
  ] as const
  for (const [one, other] of pairs)
    expect((said(other) as { quality: number }).quality).toBe((said(one) as { quality: number }).quality)
})

test('a comment can neither silence a rule nor bring one in', () => {
  expect(said('x = None\nprint(x == None)  # noqa\n')).toEqual(said('x = None\nprint(x == None)\n'))
  expect(said('# ruff: noqa\nx = None\nprint(x == None)\n')).toEqual(said('x = None\nprint(x == None)\n'))
  expect(said('x = "# no comment"\nprint(x == None)\n')).not.toEqual(said('x = ""\n'))
})

const found = fc.array(fc.constantFrom(...rules.keys()).map(rule => ({ rule })))

test('quality is in (0, 1], 1 without findings, never more with one more, and the same in any order', () => {
  expect(qualityFrom([])).toBe(1)
  fc.assert(
    fc.property(found, fc.constantFrom(...rules.keys()), (all, more) => {
      const quality = qualityFrom(all)
      expect(quality).toBeGreaterThan(0)
      expect(quality).toBeLessThanOrEqual(1)
      expect(qualityFrom([...all, { rule: more }])).toBeLessThanOrEqual(quality)
      expect(qualityFrom(all.toReversed())).toBeCloseTo(quality, 12)
    }),
  )
})

test('hostile programs are answered, and the next one is read as ever', () => {
  const hostile = {
    brackets: `${'('.repeat(9_000)}${')'.repeat(9_000)}`,
    nots: `x = ${'not '.repeat(4_900)}y`,
    signs: `x = ${'-'.repeat(19_000)}1`,
    sum: `x = ${'1+'.repeat(9_900)}1`,
    dots: `x = a${'.b'.repeat(9_900)}`,
    calls: `a${'()'.repeat(9_900)}`,
    lambdas: `x = ${'lambda: '.repeat(2_400)}1`,
    blocks: Array.from({ length: 190 }, (_, at) => `${' '.repeat(at)}if x:`).join('\n'),
    choices: `if x: pass\n${'elif x: pass\n'.repeat(1_500)}`,
    conditional: `x = ${'1 if a else '.repeat(1_600)}1`,
    formatted: 'f"{'.repeat(4_000),
    quotes: `"""'`.repeat(4_900),
    junk: '$%^&\\ '.repeat(3_000),
    long: 'x = 1\n'.repeat(4_000),
    list: `x = [${'1, '.repeat(6_000)}]`,
    backslashes: '\\'.repeat(19_999),
    indents: Array.from({ length: 190 }, (_, at) => `${'\t'.repeat(at)}x`).join('\n'),
  }
  const usual = said('def f(x):\n    return x == None\n')
  for (const [name, source] of Object.entries(hostile)) {
    expect(() => readProgram(source), name).not.toThrow()
    expect(said('def f(x):\n    return x == None\n')).toEqual(usual)
  }
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'binary' }), text => void readProgram(text)),
    { numRuns: 200 },
  )
})
