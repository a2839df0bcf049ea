import { PlatformError } from '../../platform/errors.ts'
import type { CallResult, PythonError, Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import type { Judgeable } from './holds.ts'
import { judge } from './judge.ts'
import { mayComeFromOthers, ranOut, shareOf } from './reach.ts'
import { type CallsRun, notRun, runCalls } from './run-calls.ts'
import { isWholeProgram, type TestCall } from './test-calls.ts'
import type { TestCase } from './test-cases.ts'

/** The name by which the sandbox takes turns. */
export interface Owner {
  owner?: string
}

/**
 * The results of a program's tests, or the error that prevents it from loading. @throws EXERCISE_FAULTY when a call is
 * no Python expression
 */
export async function runCases(
  code: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  options: Owner,
): Promise<{ run: CallsRun; notLoaded: PythonError | undefined }> {
  const calls = callsOf(cases)
  if (calls.every(isWholeProgram)) {
    const run = await runWhole(code, exercise, cases, sandbox, options)
    return { run, notLoaded: failedAlike(run.results, cases.length) }
  }
  // The first trial only loads the program, beside the files of the first test, so that a failure to load is not blamed
  // on a test.
  const { files } = calls[0] ?? {}
  const loads: TestCall = { call: 'None', ...(files === undefined ? {} : { files }), ...stdinOf(calls) }
  const run = await runCalls(code, exercise, [loads, ...calls], sandbox, options)
  const loading = run.results.shift()
  if (loading?.ended === 'raised') return { run, notLoaded: loading.error }
  const invalidCall = run.results.findIndex(result => result.invalidCall === true)
  if (invalidCall !== -1)
    throw new PlatformError(
      'EXERCISE_FAULTY',
      `exercise ${exercise.id}: ${cases[invalidCall]?.label} is no Python expression`,
      {
        hint: `learnflow tutor check the exercise ${exercise.id}.`,
      },
    )
  return { run: await secondLook(run, code, exercise, cases, sandbox, options), notLoaded: undefined }
}

/**
 * Runs the whole program for each test, in a fresh interpreter, or one after another in one when that makes no
 * difference: when one of the failing tests gives something else by itself, it does make one.
 */
async function runWhole(
  code: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  options: Owner,
): Promise<CallsRun> {
  const shared = shareOf(code, exercise)
  const runFresh = async (some: readonly TestCase[]): Promise<CallsRun> =>
    runCalls(code, exercise, callsOf(some), sandbox, options)
  if (shared.share === undefined) return runFresh(cases)
  const run = await runCalls(code, exercise, callsOf(cases), sandbox, { ...options, ...shared })
  if (run.ended === 'timed_out') return run
  if (run.results.some(ranOut)) return runFresh(cases)
  // The first one was run in a fresh interpreter.
  const doubted = cases.slice(1).findLast((one, at) => !passes(one, run.results[at + 1] ?? notRun(run)))
  if (doubted === undefined) return run
  const { results } = await runFresh([doubted])
  return passes(doubted, results[0]) ? runFresh(cases) : run
}

const callsOf = (cases: readonly TestCase[]): TestCall[] => cases.map(({ call }) => call)

const passes = (one: TestCase, result: Judgeable | undefined): boolean =>
  result !== undefined && judge(one, result).outcome.passed

/** The input of the first test, for a program that reads at the top. */
const stdinOf = ([first]: readonly TestCall[]): Pick<TestCall, 'stdin'> =>
  first?.stdin === undefined ? {} : { stdin: first.stdin }

/**
 * Tests share an interpreter because making a new one takes longer than running most of them. What one test leaves
 * behind (settings of a module, memory that is still held) can fail another: when the first or the last failing test
 * passes alone, every test is run in a fresh interpreter, twice: a test counts as passed only when it passes both times.
 */
async function secondLook(
  run: CallsRun,
  code: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  options: Owner,
): Promise<CallsRun> {
  const failed = cases.flatMap((one, at) => {
    const result = run.results[at] ?? notRun(run)
    return passes(one, result) ? [] : [{ one, result }]
  })
  if (failed.length === 0 || run.ended === 'timed_out') return run
  const failures = failed.map(({ result }) => result)
  if (!mayComeFromOthers(code, exercise, failures)) return run
  const doubted = [...new Set([failed.at(0)?.one, failed.at(-1)?.one])].filter(one => one !== undefined)
  const runIsolated = async (some: readonly TestCase[]): Promise<CallsRun> =>
    runCalls(code, exercise, callsOf(some), sandbox, { ...options, share: 'nothing' })
  const { results } = await runIsolated(doubted)
  if (!doubted.some((one, at) => passes(one, results[at]))) return run
  const [first, again] = [await runIsolated(cases), await runIsolated(cases)]
  if (first.ended !== 'ok') return first
  if (again.ended !== 'ok') return again
  return { ...first, results: first.results.map((one, at) => secondOf(cases[at], one, again.results[at])) }
}

/** A failure, if there is one: what is right by chance is not right twice. */
const secondOf = (one: TestCase | undefined, first: Judgeable, again: Judgeable | undefined): Judgeable =>
  again === undefined || one === undefined || passes(one, again) ? first : again

/** The error that ends a whole program at the same line in each test, as a syntax error does. */
function failedAlike(results: readonly CallResult[], count: number): PythonError | undefined {
  const [first, ...others] = results.map(({ ended, error }) => (ended === 'raised' ? error : undefined))
  if (first === undefined || results.length < count) return undefined
  return others.every(error => error?.type === first.type && error.line === first.line) && first.line !== undefined
    ? first
    : undefined
}
