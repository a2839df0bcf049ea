import type { Sandbox, CallResult } from '../../platform/ports/sandbox.ts'
import { type TestCase, contentOf } from '../grade/test-cases.ts'
import { holdsOther } from '../grade/compare.ts'
import { judge, type TestOutcome } from '../grade/judge.ts'
import { memoize } from '../memoize.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { withHolds } from '../grade/holds.ts'
import { callTextOf, surroundings } from '../grade/test-calls.ts'
import { shareOf } from '../grade/reach.ts'
import { runCalls } from '../grade/run-calls.ts'
import { spread, candidatesOf, type Found, type Known, bySize } from './small-cases.ts'

/** The smallest input known to fail a program. */
export type SmallestFailing = Omit<TestOutcome, 'passed'>

/** Seconds for the reference, and for each alternative, on all candidates of an exercise. */
const referenceSeconds = 5
/** Seconds that a wrong program may take for all small inputs. */
const programSeconds = 1

/** How often the smallest input so far is reduced further. */
const maxRounds = 2
/** No further round begins after this many ms, so that a busy sandbox serves other programs. */
const defaultSearchMs = 1_500
/** How many inputs are tried on a wrong program; the first half are the smallest ones. */
const maxTried = 24
const recall = memoize<TestCase[]>(2_000)

/** A program with the results of its tests. `search`: whether other inputs are tried, too. */
interface Judged {
  code: string
  exercise: Exercise
  cases: readonly TestCase[]
  outcomes: readonly TestOutcome[]
  search: boolean
  /** No further round begins after this many ms. */
  searchMs?: number | undefined
}

/**
 * The smallest input that a wrong program fails, from its tests and from inputs smaller than those. One that may be
 * shown is preferred to a hidden one. Undefined when it fails none.
 * @throws SANDBOX_CRASHED, DEPENDENCY_DOWN
 */
export async function smallestFailing(
  judged: Judged,
  sandbox: Sandbox,
  owner: { owner?: string },
): Promise<SmallestFailing | undefined> {
  const best = await smallestFound(judged, sandbox, owner)
  if (best === undefined) return undefined
  const { passed: _passed, ...shown } = best.outcome
  return shown
}

/** The same with the test that shows it. @throws SANDBOX_CRASHED, DEPENDENCY_DOWN */
export async function smallestFound(
  { code, exercise, cases, outcomes, search, searchMs = defaultSearchMs }: Judged,
  sandbox: Sandbox,
  owner: { owner?: string },
): Promise<Found | undefined> {
  const known = { exercise, given: new Set(cases.map(inputOf)) }
  const failed = cases.flatMap((one, at): Found[] =>
    outcomes[at]?.passed === false ? [{ one, outcome: outcomes[at] }] : [],
  )
  let [best] = failed.toSorted(bySize)
  if (best === undefined) return undefined
  if (search) {
    const until = performance.now() + searchMs
    const run = async (small: readonly TestCase[]): Promise<Found | undefined> =>
      firstFailing(code, exercise, small, sandbox, owner)
    const first = await run(await smallCases(known, cases, contentOf(exercise), sandbox))
    if (first !== undefined && bySize(first, best) < 0) best = first
    for (let round = 0; round < maxRounds && performance.now() < until; round += 1) {
      const next = await run(await smallCases(known, [best.one], `${contentOf(exercise)} ${best.one.label}`, sandbox))
      if (next === undefined || bySize(next, best) >= 0) break
      best = next
    }
  }
  return best
}

const inputOf = ({ call }: TestCase): string | undefined => callTextOf(call) ?? call.stdin

async function firstFailing(
  code: string,
  exercise: Exercise,
  small: readonly TestCase[],
  sandbox: Sandbox,
  owner: { owner?: string },
): Promise<Found | undefined> {
  if (small.length === 0) return undefined
  const limits = { ...exercise.limits, seconds: Math.min(exercise.limits.seconds, programSeconds) }
  const calls = small.map(({ call }) => call)
  const shared = shareOf(code, exercise)
  const { results } = await runCalls(code, { ...exercise, limits }, calls, sandbox, { ...owner, ...shared })
  const at = results.findIndex((result, index) => !passes(small[index], result))
  const one = small[at]
  if (one === undefined) return undefined
  // It must fail by itself, not because of what an earlier input left behind.
  const alone = await runCalls(code, { ...exercise, limits }, [one.call], sandbox, owner)
  const [result] = alone.results
  return result === undefined || passes(one, result) ? undefined : { one, outcome: judge(one, result).outcome }
}

const passes = (one: TestCase | undefined, result: CallResult): boolean =>
  one === undefined || judge(one, result).outcome.passed

/** Meaningful inputs smaller than those of the tests: reference and alternatives agree on each. Smallest first. */
async function smallCases(
  { exercise, given }: Known,
  cases: readonly TestCase[],
  key: string,
  sandbox: Sandbox,
): Promise<TestCase[]> {
  // A shorter call does not make the files smaller, and trials with files cost an interpreter each.
  if (cases.some(({ call }) => call.files !== undefined)) return []
  return recall(key, async () => {
    const candidates = await candidatesOf(cases, given, sandbox)
    if (candidates.length === 0) return []
    const agreed = await agreedOn(exercise, candidates, sandbox)
    return spread(agreed, maxTried)
  })
}

/**
 * The candidates for which the reference returns a result, or an error that a test expects, and every alternative the
 * same.
 */
async function agreedOn(exercise: Exercise, candidates: readonly TestCase[], sandbox: Sandbox): Promise<TestCase[]> {
  const calls = candidates.map(({ call }) => call)
  const around = {
    calls,
    seconds: referenceSeconds,
    megabytes: exercise.limits.megabytes,
    trusted: true,
    authored: true,
    ...surroundings(exercise),
  }
  const [reference, ...others] = await Promise.all(
    [exercise.reference, ...exercise.alternatives].map(async code => {
      const run = await sandbox.run({ ...around, ...shareOf(code, exercise), code })
      return withHolds(calls, run.calls, exercise, sandbox)
    }),
  )
  const raised = new Set(exercise.tests.flatMap(test => ('raises' in test ? test.raises : [])))
  return candidates.flatMap((candidate, at): TestCase[] => {
    const result = reference?.[at]
    const expected = result === undefined ? undefined : expectedOf(candidate, result, raised)
    if (expected === undefined) return []
    const one = { ...candidate, expected }
    return others.every(results => results[at] !== undefined && judge(one, results[at]).outcome.passed) ? [one] : []
  })
}

function expectedOf(
  { expected }: TestCase,
  result: CallResult,
  raised: ReadonlySet<string>,
): TestCase['expected'] | undefined {
  if (expected.kind === 'holds') return undefined
  const wanted = (result.error?.mro ?? []).find(name => raised.has(name))
  if (result.ended === 'raised' && wanted !== undefined) return { kind: 'raises', type: wanted }
  if (result.ended !== 'ok') return undefined
  if (result.value === undefined)
    return expected.kind === 'output' && expected.stdout !== undefined
      ? { kind: 'output', stdout: result.stdout, files: {} }
      : undefined
  return holdsOther(result.value)
    ? undefined
    : { kind: 'value', value: result.value, tolerance: expected.kind === 'value' ? expected.tolerance : undefined }
}
