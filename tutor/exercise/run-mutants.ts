import type { Sandbox, CallResult, StepResult } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { type Judgeable, withHolds } from '../grade/holds.ts'
import { type TestCall, withoutConditions } from '../grade/test-calls.ts'
import type { Exercise } from './parse-exercise.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'

export interface Mutant {
  number: number
  line: number
  change: string
  results: Judgeable[]
}

/**
 * Seconds for running all changed copies of a reference on the tests; the step limit stops an endless copy long before.
 */
export const seconds = 15
const maxMutants = 240

/**
 * Runs the program (number -1) and its changed copies on each trial. A group that does not return is halved, down to a
 * single copy, which then has no results.
 */
export async function runMutants(
  exercise: Exercise,
  calls: readonly TestCall[],
  sandbox: Sandbox,
  only?: readonly number[],
): Promise<Mutant[]> {
  const { reference: source, prelude = null, import_as: module = null } = exercise
  const asked = { source, prelude, module, only: only ?? null, inputs: calls.map(withoutConditions) }
  const output = await runScript('mutants', asked, sandbox, seconds)
  if (output !== undefined) return decided(itemsOf(output).map(readMutant), exercise, calls, sandbox)
  const numbers = only ?? Array.from({ length: maxMutants }, (_, at) => at)
  const [one] = numbers
  if (numbers.length <= 1) return one === undefined ? [] : [{ number: one, line: 0, change: '', results: [] }]
  const middle = Math.ceil(numbers.length / 2)
  const halves = [
    await runMutants(exercise, calls, sandbox, numbers.slice(0, middle)),
    await runMutants(exercise, calls, sandbox, numbers.slice(middle)),
  ]
  return halves.flat().filter(({ number }, at, all) => number >= 0 || at === all.findIndex(other => other.number < 0))
}

/** The mutants with the answers to the conditions of the tests, all at once. */
async function decided(
  mutants: readonly Mutant[],
  exercise: Exercise,
  calls: readonly TestCall[],
  sandbox: Sandbox,
): Promise<Mutant[]> {
  const asked = mutants.flatMap(() => calls)
  const results = await withHolds(
    asked,
    mutants.flatMap(mutant => mutant.results),
    exercise,
    sandbox,
  )
  return mutants.map((mutant, at) => ({
    ...mutant,
    results: results.slice(at * calls.length, (at + 1) * calls.length),
  }))
}

function readMutant(value: PythonValue): Mutant {
  const [number, line, change, outcomes] = itemsOf(value)
  return {
    number: numberOf(number),
    line: numberOf(line),
    change: textOf(change),
    results: itemsOf(outcomes).map(readOutcome),
  }
}

/** An outcome of `python/perform.py`. */
export function readOutcome(value: PythonValue): CallResult {
  const [kind, first, second] = itemsOf(value)
  if (textOf(kind) === 'steps') return { ended: 'ok', stdout: '', steps: itemsOf(first).map(readStep) }
  if (textOf(kind) === 'output') return { ended: 'ok', stdout: textOf(first), files: filesOf(second) }
  return readStep(value)
}

function readStep(value: PythonValue): StepResult {
  const [kind, first, second, third] = itemsOf(value)
  if (textOf(kind) === 'value' && first !== undefined) return { ended: 'ok', value: first, stdout: textOf(second) }
  const mro = itemsOf(first).map(textOf)
  const argument = third?.kind === 'str' ? { argument: third.value } : {}
  const error = { type: mro[0] ?? '', message: textOf(second), mro, traceback: '', ...argument }
  return { ended: 'raised', stdout: '', error }
}

function filesOf(value: PythonValue | undefined): Record<string, string | null> {
  if (value?.kind !== 'dict') throw new TypeError('a dict was expected')
  return Object.fromEntries(
    value.entries.map(([name, text]) => [textOf(name), text.kind === 'none' ? null : textOf(text)]),
  )
}
