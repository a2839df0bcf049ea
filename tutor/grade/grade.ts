import { PlatformError } from '../../platform/errors.ts'
import type { Verdict } from '../../schemas/words.ts'
import type { PythonError, Sandbox, CallResult } from '../../platform/ports/sandbox.ts'
import { type TestCase, casesOf } from './test-cases.ts'
import { judge, shown, type ShownError, type TestOutcome } from './judge.ts'
import { standardErrors } from '../feedback/exception-feedback.ts'
import { notesOn, notesOnLoading } from '../feedback/notes.ts'
import type { Note } from '../feedback/note.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { type SmallestFailing, smallestFailing } from '../program/shrink-input.ts'
import { keptState } from './kept-state.ts'
import { mayComeFromOthers, ranOut, shareOf } from './reach.ts'
import { isWholeProgram, type TestCall } from './test-calls.ts'
import type { Judgeable } from './holds.ts'
import { runCalls, type CallsRun } from './run-calls.ts'

export { forStudent, type TestOutcome } from './judge.ts'
export type { SmallestFailing } from '../program/shrink-input.ts'

/**
 * `score` 0-1 is tests passed / all tests, 0 on any verdict but `passed` and `failed`. `duration_ms` is the program's
 * time in the sandbox.
 */
export interface Judgement {
  verdict: Verdict
  score: number
  duration_ms: number
  seed: string
  notes: Note[]
  tests: TestOutcome[]
  /** For a program that loads and fails; `hidden` when only a hidden test shows it. */
  smallest_failing?: SmallestFailing
  error?: ShownError
}

export interface GradeOptions {
  /** Picks the random tests. */
  seed: string
  /** The name by which the sandbox takes turns. */
  owner?: string
  detail?: Detail
  /** For how many ms the smallest failing input is reduced further; default 1,500. */
  searchMs?: number
}

/**
 * How much a judgement contains: `verdict` with the result of each test; `notes` too; or (the default) also inputs
 * smaller than the tests', which costs a wrong program another run.
 */
export type Detail = 'verdict' | 'notes' | 'all'

/**
 * Judges a program by the tests of an exercise. All values are compared here, so that no expected value is ever in the
 * interpreter that runs the program.
 * @throws EXERCISE_FAULTY when the exercise contradicts itself, SANDBOX_CRASHED, DEPENDENCY_DOWN and TOO_MANY_REQUESTS
 * from the sandbox.
 */
export async function gradeProgram(
  source: string,
  exercise: Exercise,
  sandbox: Sandbox,
  options: GradeOptions,
): Promise<Judgement> {
  // A byte order mark is not part of a program.
  const code = source.replace(/^\uFEFF/, '')
  const cases = await casesOf(exercise, options.seed, sandbox)
  if (code.includes('\0')) return ended(cases, options, { duration_ms: 0, error: nulError, notes: [] })
  const { run, notLoaded } = await runCases(code, exercise, cases, sandbox, options)
  if (notLoaded !== undefined) {
    const { call, files, stdin } = cases[0]?.call ?? {}
    const isGiven = call === undefined || files !== undefined || stdin !== undefined
    const error = isGiven ? shownFor(cases[0], notLoaded) : notLoaded
    const { duration_ms, overlooked } = run
    const notes = options.detail === 'verdict' ? [] : await notesOnLoading(code, { error, overlooked }, sandbox)
    return ended(cases, options, { duration_ms, error, notes })
  }
  const kept = await keptByPassed(run, code, exercise, cases, sandbox, options)
  const results = exercise.kept_state === 'fails' ? run.results.map((one, at) => kept.get(at) ?? one) : run.results
  const judged = cases.map((one, at) => judge(one, results[at] ?? notRun(run)))
  const tests = judged.map(({ outcome }) => outcome)
  const passed = tests.filter(test => test.passed).length
  const stopped = run.ended !== 'ok' && run.ended !== 'raised' ? run.ended : undefined
  const { detail = 'all' } = options
  const [notes, smallest] = await Promise.all([
    detail === 'verdict'
      ? []
      : notesOn(
          { code, exercise, cases, judged, results, overlooked: run.overlooked, kept: [...kept.keys()] },
          sandbox,
          options,
        ),
    passed === tests.length || detail === 'verdict'
      ? undefined
      : smallestFailing(
          {
            code,
            exercise,
            cases,
            outcomes: tests,
            search: stopped === undefined && detail === 'all',
            searchMs: options.searchMs,
          },
          sandbox,
          options,
        ),
  ])
  return {
    verdict: stopped ?? (passed === tests.length ? 'passed' : 'failed'),
    score: stopped === undefined ? passed / tests.length : 0,
    duration_ms: run.duration_ms,
    seed: options.seed,
    notes,
    tests,
    ...(smallest === undefined ? {} : { smallest_failing: smallest }),
    ...(stopped === undefined || run.error === undefined
      ? {}
      : { error: shown(stopped === 'timed_out' ? run.error : shownFor(cases[run.results.length - 1], run.error)) }),
  }
}

/** What `keptState` finds in a program that passes every test by itself. */
async function keptByPassed(
  run: CallsRun,
  code: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  options: GradeOptions,
): Promise<Map<number, CallResult>> {
  const isAsked = options.detail !== 'verdict' || exercise.kept_state === 'fails'
  const passes = (one: TestCase, at: number): boolean => judge(one, run.results[at] ?? notRun(run)).outcome.passed
  if (!isAsked || !cases.every(passes)) return new Map()
  return keptState(code, exercise, { cases, duration_ms: run.duration_ms }, sandbox, options)
}

/**
 * The results of a program's tests, or the error that prevents it from loading. @throws EXERCISE_FAULTY when a call is
 * no Python expression
 */
async function runCases(
  code: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  options: GradeOptions,
): Promise<{ run: CallsRun; notLoaded: PythonError | undefined }> {
  const calls = cases.map(({ call }) => call)
  if (calls.every(isWholeProgram)) {
    const run = await runWhole(code, exercise, calls, sandbox, options)
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
 * difference.
 */
async function runWhole(
  code: string,
  exercise: Exercise,
  calls: readonly TestCall[],
  sandbox: Sandbox,
  { owner }: GradeOptions,
): Promise<CallsRun> {
  const turns = owner === undefined ? {} : { owner }
  const shared = shareOf(code, exercise)
  const run = await runCalls(code, exercise, calls, sandbox, { ...turns, ...shared })
  const isDoubtful = shared.share !== undefined && run.ended !== 'timed_out' && run.results.some(ranOut)
  return isDoubtful ? runCalls(code, exercise, calls, sandbox, turns) : run
}

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
  options: GradeOptions,
): Promise<CallsRun> {
  const failed = cases.flatMap((one, at) => {
    const result = run.results[at] ?? notRun(run)
    return judge(one, result).outcome.passed ? [] : [{ one, result }]
  })
  if (failed.length === 0 || run.ended === 'timed_out') return run
  const failures = failed.map(({ result }) => result)
  if (!mayComeFromOthers(code, exercise, failures)) return run
  const doubted = [...new Set([failed.at(0)?.one, failed.at(-1)?.one])].filter(one => one !== undefined)
  const runIsolated = async (some: readonly TestCase[]): Promise<CallsRun> =>
    runCalls(
      code,
      exercise,
      some.map(({ call }) => call),
      sandbox,
      { ...options, share: 'nothing' },
    )
  const { results } = await runIsolated(doubted)
  const passes = (one: TestCase, result: CallResult | undefined): boolean =>
    result !== undefined && judge(one, result).outcome.passed
  if (!doubted.some((one, at) => passes(one, results[at]))) return run
  const [first, again] = [await runIsolated(cases), await runIsolated(cases)]
  if (!goesOn(first) || !goesOn(again)) return goesOn(first) ? again : first
  return { ...first, results: first.results.map((one, at) => secondOf(cases[at], one, again.results[at])) }
}

/** A failure, if there is one: what is right by chance is not right twice. */
const secondOf = (one: TestCase | undefined, first: Judgeable, again: Judgeable | undefined): Judgeable =>
  again === undefined || one === undefined || judge(one, again).outcome.passed ? first : again

const goesOn = ({ ended: how }: CallsRun): boolean => how === 'ok' || how === 'raised'

const nulError: PythonError = {
  type: 'SyntaxError',
  message: 'source code string cannot contain null bytes',
  mro: ['SyntaxError'],
  traceback: 'SyntaxError: source code string cannot contain null bytes',
}

/** An error as it may be shown: what a program says in a hidden test may hold its input. */
function shownFor(one: TestCase | undefined, error: PythonError): PythonError {
  if (one?.hidden !== true) return error
  const [type = 'Exception', message] = [error.mro.find(name => standardErrors.has(name)), 'in a hidden test']
  return { ...error, type, message, traceback: `${type}: ${message}` }
}

/** The judgement of a program that finished no test. */
function ended(
  cases: readonly TestCase[],
  { seed }: GradeOptions,
  { duration_ms, error, notes }: { duration_ms: number; error: PythonError; notes: Note[] },
): Judgement {
  const result: CallResult = { ended: 'raised', stdout: '', error: { ...error, mro: [] } }
  const tests = cases.map(one => judge(one, result).outcome)
  return { verdict: 'error', score: 0, duration_ms, seed, notes, tests, error: shown(error) }
}

/** The error that ends a whole program at the same line in each test, as a syntax error does. */
function failedAlike(results: readonly CallResult[], count: number): PythonError | undefined {
  const [first, ...others] = results.map(({ ended, error }) => (ended === 'raised' ? error : undefined))
  if (first === undefined || results.length < count) return undefined
  return others.every(error => error?.type === first.type && error.line === first.line) && first.line !== undefined
    ? first
    : undefined
}

/** The result of a test that was not reached. */
function notRun({ ended, error }: CallsRun): CallResult {
  const why = error ?? { type: 'NotRun', message: 'the program ended before this test', mro: [], traceback: '' }
  return { ended: ended === 'ok' ? 'raised' : ended, stdout: '', error: { ...why, mro: [] } }
}
