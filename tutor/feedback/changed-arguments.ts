import type { Sandbox, Call, CallResult } from '../../platform/ports/sandbox.ts'
import { contentOf } from '../grade/test-cases.ts'
import { compare } from '../grade/compare.ts'
import { type Facts, partsOf } from '../program/facts.ts'
import { surroundings } from '../grade/test-calls.ts'
import { memoize } from '../memoize.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { runCalls } from '../grade/run-calls.ts'
import { type Note, note } from './note.ts'
import type { Work, Options } from './work.ts'

/** A name followed by something that can change a list, set or dict in place. */
const methods = 'append|extend|insert|remove|pop|sort|reverse|clear|update|add|discard|setdefault|popitem'
const changing = new RegExp(String.raw`\b([A-Za-z_]\w*)[^\s=]*?(?:\.(?:${methods})\b|\[[^\n]*\]\s*[-+*/|&]?=)`, 'g')
const deletion = /\bdel\s/

/** Whether a program might change a parameter in place; only then is its syntax tree worth reading. */
export function mayChangeArguments(code: string): boolean {
  const parameters = new Set(
    [...code.matchAll(/\bdef\s+\w+\s*\(([^)]*)/g)].flatMap(([, list = '']) => list.match(/[A-Za-z_]\w*/g) ?? []),
  )
  return deletion.test(code) || [...code.matchAll(changing)].some(([, name = '']) => parameters.has(name))
}

/** The maximum of calls that are checked for changed arguments. */
const lookedAt = 3

const recallChanges = memoize<boolean>(500)

/** The first pair of results (arguments before and after a call) that differs; -1 when there is none. */
function firstChanged(results: readonly CallResult[]): number {
  return Array.from({ length: Math.floor(results.length / 2) }).findIndex((_, at) => {
    const [before, after] = [results[2 * at]?.value, results[2 * at + 1]?.value]
    return before !== undefined && after !== undefined && !compare(after, before).equal
  })
}

async function referenceChanges(exercise: Exercise, calls: readonly Call[], sandbox: Sandbox): Promise<boolean> {
  const { calls: results } = await sandbox.run({
    code: exercise.reference,
    calls,
    trusted: true,
    authored: true,
    ...surroundings(exercise),
  })
  return firstChanged(results) >= 0
}

/** Functions that change their arguments where the reference does not. */
export async function changedArguments(
  { code, exercise, cases }: Work,
  facts: Facts,
  sandbox: Sandbox,
  { owner }: Options,
): Promise<Note[]> {
  if (facts.changes.length === 0) return []
  const parts = await partsOf(
    cases.map(({ call: trial }) => trial.call ?? ''),
    sandbox,
  )
  const calls = cases.flatMap((one, at) => {
    const call = parts[at]
    const change = facts.changes.find(({ function: name }) => name === call?.name)
    return call === undefined || change === undefined ? [] : { ...call, change, files: one.call.files }
  })
  const looked = calls.slice(0, lookedAt)
  if (looked.length === 0) return []
  const trials = looked.flatMap(({ tuple, name, files }): Call[] => {
    const around = files === undefined ? {} : { files }
    return [
      { call: tuple, ...around },
      { call: `(lambda *given: (${name}(*given), given)[1])${tuple}`, ...around },
    ]
  })
  const { results } = await runCalls(code, exercise, trials, sandbox, owner === undefined ? {} : { owner })
  const call = looked[firstChanged(results)]
  if (
    call === undefined ||
    (await recallChanges(`${contentOf(exercise)} ${JSON.stringify(trials)}`, async () =>
      referenceChanges(exercise, trials, sandbox),
    ))
  )
    return []
  return [note('argument-changed', call.change)]
}
