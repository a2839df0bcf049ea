import type { Sandbox, CallResult } from '../../platform/ports/sandbox.ts'
import { type TestCase, contentOf } from '../grade/test-cases.ts'
import { judge } from '../grade/judge.ts'
import { memoize } from '../memoize.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { runCalls } from '../grade/run-calls.ts'

/** The results of a named mistake in each test, as text. */
interface Signature {
  names: string
  got: (string | undefined)[]
}

const recall = memoize<Signature[]>(500)
/** Seconds for a mistake: one that never ends need not run for as long as a student's program. */
const seconds = 2

/**
 * The name of the exercise's mistake that gives the same results as a program in every test. @throws SANDBOX_CRASHED,
 * DEPENDENCY_DOWN
 */
export async function knownMistake(
  work: {
    exercise: Exercise
    cases: readonly TestCase[]
    judged: readonly { outcome: { got: string; passed: boolean } }[]
  },
  sandbox: Sandbox,
  seed: string,
): Promise<string | undefined> {
  const { exercise, judged } = work
  if (exercise.mistakes.length === 0) return undefined
  const written = [...work.cases.keys()].filter(at => work.cases[at]?.keys[0] === 'tests')
  // The tests of the file are the same for every seed: when they show that the program is wrong, the mistakes need not
  // run for each seed.
  const shows = written.some(at => judged[at]?.outcome.passed === false)
  const places = shows ? written : [...work.cases.keys()]
  const cases = places.flatMap(at => work.cases[at] ?? [])
  const key = `${contentOf(exercise)} ${shows ? 'tests' : seed}`
  const signatures = await recall(key, async () => signaturesOf(exercise, cases, sandbox))
  return signatures.find(({ got }) => got.every((text, at) => text === judged[places[at] ?? -1]?.outcome.got))?.names
}

async function signaturesOf(exercise: Exercise, cases: readonly TestCase[], sandbox: Sandbox): Promise<Signature[]> {
  const hurried = { ...exercise, limits: { ...exercise.limits, seconds } }
  const calls = cases.map(({ call }) => call)
  const all = exercise.mistakes.map(async ({ names, file }): Promise<Signature> => {
    const { results } = await runCalls(file, hurried, calls, sandbox, { owner: 'mistakes' })
    return { names, got: cases.map((one, at) => gotOf(one, results[at])) }
  })
  // A mistake that was stopped has no results to compare with.
  return (await Promise.all(all)).filter(({ got }) => !got.includes(undefined))
}

const gotOf = (one: TestCase, result: CallResult | undefined): string | undefined =>
  result === undefined ? undefined : judge(one, result).outcome.got
