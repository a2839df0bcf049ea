import { PlatformError } from '../../platform/errors.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { type TestCase, casesOf } from '../grade/test-cases.ts'
import { gradeProgram, type Judgement } from '../grade/grade.ts'
import { claimProblems } from './claims.ts'
import { judgingPrelude } from './judging-prelude.ts'
import { numberPairs } from '../feedback/text-parts-feedback.ts'
import { mutate, type Mutation } from './mutate.ts'
import type { Problem } from '../../schemas/positions.ts'
import { type Exercise, originOf, placeIn, readExerciseOrProblems } from './parse-exercise.ts'
import { entryProblems, syntaxProblems } from './check-syntax.ts'
import { type At, testProblems } from './check-tests.ts'

/**
 * The result for an author: `ok` when there is no problem. A surviving mutant is a weak test, not a fault, unless too
 * many survive.
 */
export interface Checked {
  ok: boolean
  problems: Problem[]
  mutants: Mutation
  mistakes: Recognised
}

/** How many of the exercise's mistakes get a note that explains them, from a grader that does not know them. */
export interface Recognised {
  made: number
  named: number
}

/** The share of the reference's mutants that the tests of an exercise must catch. */
const wantedCaught = 0.95
const seed = '0'
const none: Pick<Checked, 'mutants' | 'mistakes'> = {
  mutants: { made: 0, caught: 0, survivors: [] },
  mistakes: { made: 0, named: 0 },
}

/**
 * Checks the exercise of a file or folder; one that cannot be read is reported as a problem. @throws NOT_FOUND when
 * there is no file.
 */
export async function checkFile(path: string, sandbox: Sandbox): Promise<Checked & { id: string | undefined }> {
  const read = await readExerciseOrProblems(path)
  if ('problems' in read) return { ok: false, problems: read.problems, ...none, id: undefined }
  return { ...(await checkExercise(read.exercise, sandbox)), id: read.exercise.id }
}

/**
 * Proves an exercise: the reference and every alternative pass, an empty program and every named mistake fail, each
 * expectation is what the reference returns for its call, no test is ambiguous, and the tests notice one-token changes
 * of the reference.
 * @throws SANDBOX_CRASHED, DEPENDENCY_DOWN
 */
export async function checkExercise(exercise: Exercise, sandbox: Sandbox): Promise<Checked> {
  const at = placesOf(exercise)
  const unreadable = await syntaxProblems(exercise, sandbox, at)
  if (unreadable.length > 0) return { ok: false, problems: unreadable, ...none }
  const cases = await casesOrProblem(exercise, sandbox)
  if (!Array.isArray(cases)) return { ok: false, problems: [at(['tests'], cases.message)], ...none }
  const judged = await Promise.all([
    judgeReference(exercise, cases, sandbox),
    testProblems(exercise, cases, sandbox, at),
    claimProblems(exercise, cases, sandbox, at),
    judgingPrelude(exercise, sandbox, at),
    entryProblems(exercise, sandbox, at),
    ...exercise.alternatives.map(async (code, index) =>
      mustPass(exercise, cases, code, ['alternatives', index], sandbox),
    ),
    ...exercise.mistakes.map(async ({ file, names }, index) =>
      mustFail(exercise, file, names, ['mistakes', index, 'file'], sandbox),
    ),
    mustFail(exercise, stubOf(exercise), 'an empty program', ['tests'], sandbox),
  ])
  const problems = judged.flat()
  const mutants = judged[0].length === 0 ? await mutate(exercise, cases, sandbox) : none.mutants
  if (mutants.caught < wantedCaught * mutants.made) problems.push(at(['tests'], weakness(mutants)))
  return { ok: problems.length === 0, problems, mutants, mistakes: await recognised(exercise, sandbox) }
}

async function recognised(exercise: Exercise, sandbox: Sandbox): Promise<Recognised> {
  const { rules: _rules, ...rest } = exercise
  const unaided: Exercise = { ...rest, mistakes: [] }
  const named = await Promise.all(
    exercise.mistakes.map(async ({ file }) =>
      (await gradeProgram(file, unaided, sandbox, { seed, detail: 'notes' })).notes.some(
        ({ code }) => code !== 'type-equal',
      ),
    ),
  )
  return { made: named.length, named: named.filter(Boolean).length }
}

function placesOf(exercise: Exercise): At {
  const origin = originOf(exercise)
  return (keys, message) => ({ path: origin?.path ?? exercise.id, ...(origin?.placeOf(keys) ?? { line: 1 }), message })
}

function weakness({ made, caught, survivors }: Mutation): string {
  const shown = survivors.slice(0, 3).map(({ line, change, input }) => `line ${line}: ${change} (try ${input})`)
  return `the tests notice ${caught} of ${made} one-token changes of the reference; not ${shown.join('; ')}`
}

async function casesOrProblem(exercise: Exercise, sandbox: Sandbox): Promise<TestCase[] | PlatformError> {
  try {
    return await casesOf(exercise, seed, sandbox)
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'EXERCISE_FAULTY') return error
    throw error
  }
}

/**
 * Reports each test that the reference does not pass at the test's line; a reference that does not load at its own
 * line.
 */
async function judgeReference(exercise: Exercise, cases: readonly TestCase[], sandbox: Sandbox): Promise<Problem[]> {
  return mustPass(exercise, cases, exercise.reference, ['reference'], sandbox)
}

async function mustPass(
  exercise: Exercise,
  cases: readonly TestCase[],
  code: string,
  keys: readonly (string | number)[],
  sandbox: Sandbox,
): Promise<Problem[]> {
  const judgement = await gradeProgram(code, exercise, sandbox, { seed, detail: 'verdict' })
  if (judgement.verdict === 'passed') return []
  const at = placesOf(exercise)
  const name = keys[0] === 'reference' ? 'the reference' : `the alternative ${Number(keys[1]) + 1}`
  if (judgement.verdict !== 'failed') return [inProgram(exercise, keys, judgement, name)]
  return judgement.tests.flatMap((test, index) => {
    const word = isRounded(test.got, test.expected)
      ? `; floats are not exact: give the test a tolerance, like 1e-9`
      : ''
    const message = `${name} gives ${test.got} for ${test.call}, where the test expects ${test.expected}${word}`
    return test.passed ? [] : at(keys[0] === 'reference' ? (cases[index]?.keys ?? keys) : keys, message)
  })
}

/** Whether two values differ in the last digits of floats only. */
function isRounded(got: string, expected: string): boolean {
  const pairs = numberPairs(got, expected).map(pair => pair.map(Number))
  const near = ([one = 0, other = 0]: number[]): boolean => Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other))
  return pairs.length > 0 && pairs.every(near)
}

function inProgram(
  exercise: Exercise,
  keys: readonly (string | number)[],
  { verdict, error }: Judgement,
  name: string,
): Problem {
  const why = error === undefined ? '' : `: ${error.type}: ${error.message}`
  return { ...placeIn(exercise, keys, error?.line ?? 0), message: `${name} ends with ${verdict}${why}` }
}

async function mustFail(
  exercise: Exercise,
  code: string,
  name: string,
  keys: readonly (string | number)[],
  sandbox: Sandbox,
): Promise<Problem[]> {
  const { verdict } = await gradeProgram(code, exercise, sandbox, { seed, detail: 'verdict' })
  return verdict === 'passed' ? [placesOf(exercise)(keys, `${name} passes every test`)] : []
}

/** A program that defines the required names and does nothing. */
function stubOf({ kind, entry }: Exercise): string {
  const each =
    kind === 'class'
      ? (name: string) => `class ${name}:\n    pass\n`
      : (name: string) => `def ${name}(*args, **kwargs):\n    pass\n`
  return kind === 'stdout' || kind === 'file'
    ? entry.map(name => `def ${name}(*args, **kwargs):\n    pass\n`).join('')
    : entry.map(each).join('')
}
