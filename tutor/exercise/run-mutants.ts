import type { Sandbox, Call, CallResult } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import type { Exercise } from './parse-exercise.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'

export interface Mutant {
  number: number
  line: number
  change: string
  results: CallResult[]
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
  calls: readonly Call[],
  sandbox: Sandbox,
  only?: readonly number[],
): Promise<Mutant[]> {
  const asked = { source: exercise.reference, prelude: exercise.prelude ?? null, only: only ?? null, inputs: calls }
  const output = await runScript('mutants', asked, sandbox, seconds)
  if (output !== undefined) return itemsOf(output).map(readMutant)
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

function readMutant(value: PythonValue): Mutant {
  const [number, line, change, outcomes] = itemsOf(value)
  return {
    number: numberOf(number),
    line: numberOf(line),
    change: textOf(change),
    results: itemsOf(outcomes).map(readOutcome),
  }
}

function readOutcome(value: PythonValue): CallResult {
  const [kind, first, second] = itemsOf(value)
  if (textOf(kind) === 'value' && first !== undefined) return { ended: 'ok', value: first, stdout: textOf(second) }
  if (textOf(kind) === 'output') return { ended: 'ok', stdout: textOf(first), files: filesOf(second) }
  const mro = itemsOf(first).map(textOf)
  return { ended: 'raised', stdout: '', error: { type: mro[0] ?? '', message: textOf(second), mro, traceback: '' } }
}

function filesOf(value: PythonValue | undefined): Record<string, string | null> {
  if (value?.kind !== 'dict') throw new TypeError('a dict was expected')
  return Object.fromEntries(
    value.entries.map(([name, text]) => [textOf(name), text.kind === 'none' ? null : textOf(text)]),
  )
}
