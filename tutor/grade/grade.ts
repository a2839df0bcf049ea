import type { Verdict } from '../../schemas/words.ts'
import type { PythonError, Sandbox, CallResult } from '../../platform/ports/sandbox.ts'
import { type TestCase, casesOf } from './test-cases.ts'
import { judge, shown, type ShownError, type TestOutcome } from './judge.ts'
import { standardErrors } from '../feedback/exception-feedback.ts'
import { notesOn, notesOnLoading } from '../feedback/notes.ts'
import type { Note } from '../feedback/note.ts'
import type { Work } from '../feedback/work.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { type SmallestFailing, smallestFailing } from '../program/shrink-input.ts'
import { varyingResults } from './chance.ts'
import { keptState } from './kept-state.ts'
import { notRun, type CallsRun } from './run-calls.ts'
import { type Owner, runCases } from './run-cases.ts'

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

export interface GradeOptions extends Owner {
  /** Picks the random tests. */
  seed: string
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
  const varying = await varyingResults(code, exercise, { cases, run }, sandbox, options)
  const results = run.results.map((one, at) => varying.get(at) ?? one)
  return judgementOf(
    { code, exercise, cases, run: { ...run, results }, varying: [...varying.keys()] },
    sandbox,
    options,
  )
}

/** A program that has run, and the positions of the tests that `varyingResults` has found. */
interface Ran extends Pick<Work, 'code' | 'exercise' | 'cases' | 'varying'> {
  run: CallsRun
}

/** The judgement of a program that has loaded. */
async function judgementOf(ran: Ran, sandbox: Sandbox, options: GradeOptions): Promise<Judgement> {
  const { exercise, cases, run } = ran
  const kept = await keptByPassed(ran, sandbox, options)
  const results = exercise.kept_state === 'fails' ? run.results.map((one, at) => kept.get(at) ?? one) : run.results
  const judged = cases.map((one, at) => judge(one, results[at] ?? notRun(run)))
  const tests = judged.map(({ outcome }) => outcome)
  const passed = tests.filter(test => test.passed).length
  const stopped = run.ended === 'ok' ? undefined : run.ended
  const { detail = 'all', searchMs } = options
  const work = { ...ran, judged, results, overlooked: run.overlooked, kept: [...kept.keys()] }
  const search = stopped === undefined && detail === 'all' && ran.varying.length === 0
  const [notes, smallest] = await Promise.all([
    detail === 'verdict' ? [] : notesOn(work, sandbox, options),
    passed === tests.length || detail === 'verdict'
      ? undefined
      : smallestFailing({ ...ran, outcomes: tests, search, searchMs }, sandbox, options),
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
  { run, code, exercise, cases }: Ran,
  sandbox: Sandbox,
  options: GradeOptions,
): Promise<Map<number, CallResult>> {
  const isAsked = options.detail !== 'verdict' || exercise.kept_state === 'fails'
  const passes = (one: TestCase, at: number): boolean => judge(one, run.results[at] ?? notRun(run)).outcome.passed
  if (!isAsked || !cases.every(passes)) return new Map()
  return keptState(code, exercise, { cases, duration_ms: run.duration_ms }, sandbox, options)
}

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
