import { afterAll, beforeAll, expect, test } from 'vitest'
import { note } from '../feedback/note.ts'
import { exerciseOf } from '../test-exercise.ts'
import { PlatformError } from '../../platform/errors.ts'
import { sharedSandbox } from '../../platform/drivers/sandbox/test-sandbox.ts'
import type { PythonRun, Sandbox } from '../../platform/ports/sandbox.ts'
import { readExercise, type Exercise } from '../exercise/parse-exercise.ts'
import { bankFolder } from '../exercise/bank.ts'
import { normalForm } from '../program/normal-form.ts'
import { gradeCached, type CachedGrade } from './cache.ts'

let real: Sandbox
let square: Exercise
beforeAll(async () => {
  real = await sharedSandbox()
  square = await readExercise(`${bankFolder}/square`)
})
afterAll(async () => real[Symbol.asyncDispose]())

/**
 * The real sandbox, which records the student programs that it runs, each once whatever is asked of it; `refuse` makes
 * it fail.
 */
function watched({ refuse = () => false }: { refuse?: (runs: number) => boolean } = {}): Sandbox & {
  programs: PythonRun[]
} {
  const programs: PythonRun[] = []
  return {
    programs,
    async run(job) {
      if (job.trusted !== true && job.share !== 'namespace') programs.push(job)
      if (job.trusted !== true && refuse(programs.length))
        throw new PlatformError('SANDBOX_CRASHED', 'the interpreter died', { hint: 'Again.' })
      return real.run(job)
    },
    health: () => real.health(),
    [Symbol.asyncDispose]: async () => {},
  }
}

const grade = async (sandbox: Sandbox, code: string, exercise = square): Promise<CachedGrade> =>
  gradeCached(code, exercise, sandbox, {})
const hundred = Array.from({ length: 100 }, (_, at) => at)

test('a hundred equal programs at once, each formatted differently, run once and all get the grade', async () => {
  const sandbox = watched()
  const all = await Promise.all(
    hundred.map(async at =>
      grade(sandbox, `${'\n'.repeat(at)}def square( n ):  # ${at}\n${' '.repeat(1 + (at % 8))}return n*n\n`),
    ),
  )
  expect(all.every(({ judgement }) => judgement.verdict === 'passed' && judgement.tests.length === 11)).toBe(true)
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1)
  expect(sandbox.programs).toHaveLength(1)
  await grade(sandbox, 'def square(n): return n * n')
  expect(sandbox.programs).toHaveLength(1)
})

test('programs of other trees are each run once, and another exercise or version is another grade', async () => {
  const sandbox = watched()
  await Promise.all(hundred.map(async at => grade(sandbox, `def square(n): return n * n + ${at % 4} - ${at % 4}`)))
  expect(sandbox.programs).toHaveLength(4)
  await grade(sandbox, 'def square(n): return n * n + 1 - 1', { ...square, version: 2 })
  expect(sandbox.programs).toHaveLength(5)
})

test('where the grade tells lines of the program, only equal texts share it', async () => {
  const sandbox = watched()
  const raising = 'def square(n):\n    return n.nothing\n'
  const [one, same, moved] = await Promise.all([
    grade(sandbox, raising),
    grade(sandbox, raising),
    grade(sandbox, `\n\n${raising}`),
  ])
  const lines = [one, same, moved].map(({ judgement }) => judgement.tests[0]?.error?.line)
  expect(lines).toEqual([2, 2, 4])
  expect(one.fingerprint).toBe(same.fingerprint)
  expect(one.fingerprint).not.toBe(moved.fingerprint)
})

test('a note about a line of the program is shared by equal texts only; lines of output do not matter', async () => {
  const sandbox = watched()
  const lined = 'def square(n):\n    found = 0\n    found == n * n\n    return found\n'
  const [one, moved] = await Promise.all([grade(sandbox, lined), grade(sandbox, `\n${lined}`)])
  expect([one, moved].map(({ judgement }) => judgement.notes.flatMap(({ line }) => line ?? []))).toEqual([[3], [4]])
  expect(one.fingerprint).not.toBe(moved.fingerprint)
  const greeting = exerciseOf({ kind: 'stdout', tests: [{ stdin: '', stdout: 'good\nday' }] })
  const spaced = 'print("good day")\n'
  const [first, again] = await Promise.all([
    grade(sandbox, spaced, greeting),
    grade(sandbox, `# hello\n${spaced}`, greeting),
  ])
  expect(first.judgement.notes).toEqual([note('text-blanks')])
  expect(again).toEqual(first)
})

test.each([
  ['reads its own docstring', 'def square(n):\n    "n*n"\n    return eval(square.__doc__)\n'],
  ['asks for its lines', 'import sys\ndef square(n):\n    sys._getframe().f_lineno\n    return n * n\n'],
  ['looks into its file', 'def square(n):\n    __file__\n    return n * n\n'],
])('a program that %s shares with equal texts only', async (_, code) => {
  const sandbox = watched()
  const [one, same, other] = await Promise.all([
    grade(sandbox, code),
    grade(sandbox, code),
    grade(sandbox, `# a comment\n${code}`),
  ])
  expect([one, same, other].map(({ judgement }) => judgement.verdict)).toEqual(['passed', 'passed', 'passed'])
  expect(new Set([one, same, other].map(({ fingerprint }) => fingerprint)).size).toBe(2)
  expect(sandbox.programs).toHaveLength(2)
})

test('a program whose runs can differ is never shared, and one whose lines are counted by its text only', async () => {
  const sandbox = watched()
  const chance = 'import random\ndef square(n): return n * n\n'
  const shares = await Promise.all([grade(sandbox, chance), grade(sandbox, chance)])
  expect(shares.map(({ fingerprint }) => fingerprint)).toEqual([undefined, undefined])
  const isFirst = ({ calls = [] }: PythonRun): boolean => calls[0]?.call === 'None'
  expect(sandbox.programs.filter(isFirst)).toHaveLength(2)
  const short = { ...square, rules: { max_lines: 2 } }
  const [one, spread] = await Promise.all([
    grade(sandbox, 'def square(n):\n  return n * n', short),
    grade(sandbox, 'def square(n):\n  return (n\n   * n)', short),
  ])
  expect(one.judgement.notes).toEqual([])
  expect(spread.judgement.notes).toEqual([note('rule-max-lines', { lines: 3, max: 2 })])
})

test('a failure of the sandbox is given to nobody else and not remembered', async () => {
  const sandbox = watched({ refuse: runs => runs === 1 })
  const code = 'def square(n): return n ** 2'
  const results = await Promise.allSettled(hundred.slice(0, 10).map(async () => grade(sandbox, code)))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(sandbox.programs).toHaveLength(2)
  expect((await grade(sandbox, code)).judgement.verdict).toBe('passed')
})

test('an earlier grade is found by its fingerprint and nothing is run', async () => {
  const first = watched()
  const { judgement, fingerprint } = await grade(first, 'def square(n): return n * n')
  const sandbox = watched()
  const known = async (wanted: readonly string[]) =>
    fingerprint !== undefined && wanted.includes(fingerprint) ? judgement : undefined
  expect(await gradeCached('def square(n):\n\n    return n * n', square, sandbox, { known })).toMatchObject({
    judgement,
    fingerprint,
  })
  expect(sandbox.programs).toEqual([])
})

test('code changes the tree, formatting and comments do not; local names and docstrings keep the shape', async () => {
  const base = 'def total(items, start=0):\n    for item in items:\n        start += item * 2\n    return start\n'
  const formatted = [
    base.replaceAll('    ', '\t'),
    base.replaceAll(' + ', '+').replaceAll(' * ', '   *   '),
    `# first\n\n${base.replace(':\n    for', ':  # why\n\n\n    for')}\n\n# last`,
    base.replace('item * 2', '(item * (2))').replace('return start', 'return (\n        start\n    )'),
    base.replaceAll('\n', '\r\n'),
    base.replace('2', '0x2'),
  ]
  const changed = [
    base.replace('* 2', '* 3'),
    base.replace('*', '-'),
    base.replace('+=', '-='),
    base.replace('* 2', '* 2.0'),
    base.replace('=0', '=False'),
    base.replace('total', 'sums'),
    base.replace('    return', '        return'),
    base.replace('items, start=0', 'items, *, start=0'),
    base.replace(':\n    for', ':\n    "sum"\n    for'),
  ]
  const form = async (code: string) => normalForm(code, real, 'shape')
  const tree = (await form(base))?.tree
  expect((await Promise.all(formatted.map(form))).map(one => one?.tree)).toEqual(formatted.map(() => tree))
  expect((await Promise.all(changed.map(form))).map(one => one?.tree === tree)).toEqual(changed.map(() => false))
  const renamed = await form(
    'def total(values, so_far=0):\n    """Sum them."""\n    for v in values: so_far += v * 2\n    return so_far\n',
  )
  expect(renamed?.shape).toBe((await form(base))?.shape)
  expect(renamed?.tree).not.toBe(tree)
  expect((await form(base.replace('* 2', '* 3')))?.shape).not.toBe(renamed?.shape)
})
