import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import type { TestCase } from '../grade/test-cases.ts'
import type { TestOutcome } from '../grade/judge.ts'
import type { Alignment, Layout } from './edits.ts'
import type { Fix } from './fix.ts'
import { type Step, traceProgram } from './runs.ts'

/**
 * The first step at which a value is not what a right program has at the same point. `name` is a variable, `return` for
 * what a function gives, `printed` for output, or `error`. `step` counts the lines that were run, from 1; `null` stands for
 * a value that the right program does not have, as in one more turn of a loop.
 */
export interface WrongStep {
  line: number
  step: number
  name: string
  got: string | null
  expected: string | null
}

interface Place {
  exercise: Exercise
  layout: Layout
  failing: { one: TestCase; outcome: TestOutcome }
  /** A test that the program passes, which shows which variables can be compared. */
  passing: TestCase | undefined
  fix: Fix | undefined
  alignment: Alignment | undefined
}

type Histories = Map<string, { value: string; line: number; step: number }[]>

const seconds = 3

/**
 * Finds where a failing run departs from a right one: from that of the fix, which has the same variables, else from the
 * nearest right program by the variables whose values agree on a passing test; at least where the run ends.
 */
export async function firstWrongStep(place: Place, sandbox: Sandbox): Promise<WrongStep> {
  const { fix, alignment, exercise, failing, passing, layout } = place
  const other = fix === undefined || fix.kind === 'rewritten' ? alignment?.right : fix.program
  const renamed = other === fix?.program ? undefined : alignment
  const cases = passing === undefined || renamed === undefined ? [failing.one] : [failing.one, passing]
  const follow = cases.map((_, at) => at)
  const right =
    other === undefined ? undefined : await traceProgram(other, exercise, cases, sandbox, { follow, seconds })
  const own = await traceProgram(layout.source, exercise, cases, sandbox, { follow, seconds })
  const steps = own?.steps[0] ?? []
  const theirs = historiesOf(right?.steps[0] ?? [], renamed)
  const comparable = renamed === undefined ? undefined : agreeing(own?.steps[1], right?.steps[1], renamed)
  const found = departure(steps, theirs, comparable)
  return found ?? lastStep(steps, failing.outcome, layout)
}

function historiesOf(steps: readonly Step[], alignment: Alignment | undefined): Histories {
  const all: Histories = new Map()
  for (const [step, { function: where, line, changed }] of steps.entries()) {
    const names = alignment?.names.get(where === '<module>' ? '' : where)
    for (const [name, value] of changed) {
      const key = `${where} ${names?.get(name) ?? name}`
      all.set(key, [...(all.get(key) ?? []), { value, line, step }])
    }
  }
  return all
}

/** What may be compared with a program of other shape: results, and variables that agree on a passing test. */
function agreeing(
  own: readonly Step[] | undefined,
  right: readonly Step[] | undefined,
  alignment: Alignment,
): Set<string> {
  const same = new Set<string>()
  if (own === undefined || right === undefined) return same
  const [ours, theirs] = [historiesOf(own, undefined), historiesOf(right, alignment)]
  const text = (history: Histories, key: string): string => JSON.stringify(history.get(key)?.map(({ value }) => value))
  for (const key of ours.keys()) if (text(ours, key) === text(theirs, key)) same.add(key)
  return same
}

function departure(
  steps: readonly Step[],
  theirs: Histories,
  comparable: ReadonlySet<string> | undefined,
): WrongStep | undefined {
  const counts = new Map<string, number>()
  for (const [step, { function: where, line, changed }] of steps.entries()) {
    for (const [name, got] of changed) {
      const key = `${where} ${name}`
      const count = counts.get(key) ?? 0
      counts.set(key, count + 1)
      const history = theirs.get(key)
      const isCompared = comparable === undefined || comparable.has(key) || name === 'return' || name === 'printed'
      if (history === undefined || !isCompared) continue
      const expected = history[count]?.value ?? null
      if (expected !== got) return { line, step: step + 1, name, got, expected }
    }
  }
  return undefined
}

/** Where a run ends without a value that is wrong before: its error, or its result. */
function lastStep(steps: readonly Step[], outcome: TestOutcome, layout: Layout): WrongStep {
  const last = steps.findLast(({ changed }) => changed.some(([name]) => name === 'return')) ?? steps.at(-1)
  const line = outcome.error?.line ?? last?.line ?? layout.written[0] ?? 1
  const name = outcome.error === undefined ? 'return' : 'error'
  return { line, step: steps.length, name, got: outcome.got, expected: outcome.expected }
}
