import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { TestCase } from '../grade/test-cases.ts'
import { callTextOf, isWholeProgram, type TestCall, withCallText } from '../grade/test-calls.ts'
import type { TestOutcome } from '../grade/judge.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'

const scriptSeconds = 10

/**
 * How many inputs are tried on the reference and every alternative: once for an exercise, and for each input that is
 * reduced further.
 */
const maxCandidates = { exercise: 100, input: 30 }

/** An input that a program fails, and how. */
export interface Found {
  one: TestCase
  outcome: TestOutcome
}

/** What the search depends on: candidates that are tests already are left out, because the test may be hidden. */
export interface Known {
  exercise: Exercise
  given: ReadonlySet<string | undefined>
}

/**
 * Inputs that may be shown first, then by length, then alphabetically, because short inputs are easier to work through
 * by hand.
 */
export const bySize = ({ one }: Pick<Found, 'one'>, { one: other }: Pick<Found, 'one'>): number =>
  Number(one.hidden) - Number(other.hidden) ||
  one.label.length - other.label.length ||
  (one.label < other.label ? -1 : Number(one.label > other.label))

/** The first half of `max`, then as many of the rest, evenly spread. */
export function spread<Item>(items: readonly Item[], max: number): Item[] {
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

export async function candidatesOf(
  cases: readonly TestCase[],
  given: Known['given'],
  sandbox: Sandbox,
): Promise<TestCase[]> {
  const calls = cases.filter(({ call }) => callTextOf(call) !== undefined)
  const inputs = cases.filter(({ call }) => isWholeProgram(call) && call.stdin !== undefined)
  const asked = { calls: calls.map(({ call }) => callTextOf(call)), stdins: inputs.map(({ call }) => call.stdin) }
  const output = await runScript('smaller', asked, sandbox, scriptSeconds)
  if (output === undefined) return []
  const [fromCalls, fromInputs] = itemsOf(output).map(list =>
    itemsOf(list).map(pair => ({ at: numberOf(itemsOf(pair)[0]), text: textOf(itemsOf(pair)[1]) })),
  )
  const made = [
    ...(fromCalls ?? []).map(({ at, text }) => like(calls[at], one => withCallText(one, text), text)),
    ...(fromInputs ?? []).map(({ at, text }) =>
      like(inputs[at], () => ({ stdin: text }), `the program with input ${JSON.stringify(text)}`),
    ),
  ].filter(one => one !== undefined)
  const distinct = new Map(
    made.filter(({ call }) => !given.has(callTextOf(call) ?? call.stdin)).map(one => [one.label, one]),
  )
  return spread(
    [...distinct.values()].toSorted((one, other) => bySize({ one }, { one: other })),
    cases.length === 1 ? maxCandidates.input : maxCandidates.exercise,
  )
}

const like = (one: TestCase | undefined, change: (call: TestCall) => TestCall, label: string): TestCase | undefined =>
  one === undefined ? undefined : { ...one, call: change(one.call), label, hidden: false }
