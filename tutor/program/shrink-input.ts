import type { Sandbox, Call, CallResult } from '../../platform/ports/sandbox.ts'
import { type TestCase, contentOf, holdsOther } from '../grade/test-cases.ts'
import { judge, type TestOutcome } from '../grade/judge.ts'
import { memoize } from '../memoize.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'
import { runCalls } from '../grade/run-calls.ts'

/** The smallest input known to fail a program. */
export type SmallestFailing = Omit<TestOutcome, 'passed'>

const scriptSeconds = 10
/** Seconds for the reference, and for each alternative, on all candidates of an exercise. */
const referenceSeconds = 5
/** Seconds that a wrong program may take for all small inputs. */
const programSeconds = 1
/**
 * How many inputs are tried on the reference and every alternative: once for an exercise, and for each input that is
 * reduced further.
 */
const maxCandidates = { exercise: 100, input: 30 }
/** How often the smallest input so far is reduced further. */
const maxRounds = 2
/** No further round begins after this many ms, so that a busy sandbox serves other programs. */
const defaultSearchMs = 1_500
/** How many inputs are tried on a wrong program; the first half are the smallest ones. */
const maxTried = 24
const recall = memoize<TestCase[]>(2_000)

/** An input that a program fails, and how. */
interface Found {
  one: TestCase
  outcome: TestOutcome
}

/** What the search depends on: candidates that are tests already are left out, because the test may be hidden. */
interface Known {
  exercise: Exercise
  given: ReadonlySet<string | undefined>
}

/**
 * Inputs that may be shown first, then by length, then alphabetically, because short inputs are easier to work through
 * by hand.
 */
const bySize = ({ one }: Pick<Found, 'one'>, { one: other }: Pick<Found, 'one'>): number =>
  Number(one.hidden) - Number(other.hidden) ||
  one.label.length - other.label.length ||
  (one.label < other.label ? -1 : Number(one.label > other.label))

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
  { code, exercise, cases, outcomes, search, searchMs = defaultSearchMs }: Judged,
  sandbox: Sandbox,
  owner: { owner?: string },
): Promise<SmallestFailing | undefined> {
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
  const { passed: _passed, ...shown } = best.outcome
  return shown
}

const inputOf = ({ call }: TestCase): string | undefined => call.call ?? call.stdin

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
  const { results } = await runCalls(code, { ...exercise, limits }, calls, sandbox, owner)
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

/** The first half of `max`, then as many of the rest, evenly spread. */
function spread<Item>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items]
  const half = Math.floor(max / 2)
  const rest = items.slice(half)
  return [
    ...items.slice(0, half),
    ...Array.from({ length: max - half }, (_, at) => rest[Math.floor((at * rest.length) / (max - half))]).filter(
      item => item !== undefined,
    ),
  ]
}

type Candidate = TestCase & { call: Call }

async function candidatesOf(cases: readonly TestCase[], given: Known['given'], sandbox: Sandbox): Promise<Candidate[]> {
  const calls = cases.filter(({ call }) => call.call !== undefined)
  const inputs = cases.filter(({ call }) => call.call === undefined && call.stdin !== undefined)
  const asked = { calls: calls.map(({ call }) => call.call), stdins: inputs.map(({ call }) => call.stdin) }
  const told = await runScript('smaller', asked, sandbox, scriptSeconds)
  if (told === undefined) return []
  const [fromCalls, fromInputs] = itemsOf(told).map(list =>
    itemsOf(list).map(pair => ({ at: numberOf(itemsOf(pair)[0]), text: textOf(itemsOf(pair)[1]) })),
  )
  const made = [
    ...(fromCalls ?? []).map(({ at, text }) => like(calls[at], { call: text }, text)),
    ...(fromInputs ?? []).map(({ at, text }) =>
      like(inputs[at], { stdin: text }, `the program with input ${JSON.stringify(text)}`),
    ),
  ].filter(one => one !== undefined)
  const distinct = new Map(made.filter(({ call }) => !given.has(call.call ?? call.stdin)).map(one => [one.label, one]))
  return spread(
    [...distinct.values()].toSorted((one, other) => bySize({ one }, { one: other })),
    cases.length === 1 ? maxCandidates.input : maxCandidates.exercise,
  )
}

const like = (one: TestCase | undefined, call: Call, label: string): Candidate | undefined =>
  one === undefined ? undefined : { ...one, call, label, hidden: false }

/**
 * The candidates for which the reference returns a result, or an error that a test expects, and every alternative the
 * same.
 */
async function agreedOn(exercise: Exercise, candidates: readonly Candidate[], sandbox: Sandbox): Promise<TestCase[]> {
  const calls = candidates.map(({ call }) => call)
  const { prelude } = exercise
  const around = {
    calls,
    seconds: referenceSeconds,
    megabytes: exercise.limits.megabytes,
    trusted: true,
    ...(prelude === undefined ? {} : { prelude }),
  }
  const [reference, ...others] = await Promise.all(
    [exercise.reference, ...exercise.alternatives].map(async code => (await sandbox.run({ ...around, code })).calls),
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
