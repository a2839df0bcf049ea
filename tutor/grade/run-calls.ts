import type { Ending, PythonError, Sandbox, CallResult, Share } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { type Judgeable, withHolds } from './holds.ts'
import { surroundings, type TestCall, withoutConditions } from './test-calls.ts'

/** How often a program may crash its interpreter before the remaining tests count as failed. */
const maxCrashes = 20

/** There are fewer `results` than trials when the program was stopped; `duration_ms` is its time in the sandbox. */
export interface CallsRun {
  /** What stopped the program, if anything did; an exception is the result of its trial alone. */
  ended: Exclude<Ending, 'raised'>
  results: Judgeable[]
  duration_ms: number
  /** What is not here and was asked for while the program loaded, each once. */
  overlooked: readonly PythonError[]
  /** What its trials have shared. */
  share?: Share
  error?: PythonError
}

/** As in `PythonRun`. */
interface CallOptions {
  owner?: string
  share?: Share
}

/** Runs trials within the exercise's limits; those after one that crashed the interpreter run in a new one. */
export async function runCalls(
  code: string,
  exercise: Exercise,
  calls: readonly TestCall[],
  sandbox: Sandbox,
  { owner, share }: CallOptions,
): Promise<CallsRun> {
  const { limits } = exercise
  const sent = calls.map(withoutConditions)
  const results: CallResult[] = []
  let spent = 0
  for (let crashes = 0; ; crashes += 1) {
    const run = await sandbox.run({
      code,
      calls: sent.slice(results.length),
      seconds: limits.seconds,
      megabytes: limits.megabytes,
      definedNames: ownNames(exercise),
      ...(share === undefined ? {} : { share }),
      ...surroundings(exercise),
      ...(owner === undefined ? {} : { owner }),
    })
    results.push(...run.calls)
    spent += run.duration_ms
    const ended = run.ended === 'raised' ? 'ok' : run.ended
    const over = results.length >= calls.length || crashes >= maxCrashes || run.calls.length === 0 || ended !== 'ok'
    if (over)
      return {
        ended,
        results: await withHolds(calls, results, exercise, sandbox),
        duration_ms: spent,
        overlooked: overlookedIn(results),
        ...(share === undefined ? {} : { share }),
        ...(run.error === undefined ? {} : { error: run.error }),
      }
  }
}

/** The result of a test that was not reached. */
export function notRun({ ended, error }: CallsRun): CallResult {
  const why = error ?? { type: 'NotRun', message: 'the program ended before this test', mro: [], traceback: '' }
  return { ended: ended === 'ok' ? 'raised' : ended, stdout: '', error: { ...why, mro: [] } }
}

const overlookedIn = (results: readonly CallResult[]): PythonError[] => [
  ...new Map(results.flatMap(({ overlooked = [] }) => overlooked).map(error => [error.traceback, error])).values(),
]

const names = new WeakMap<Exercise, readonly string[]>()

/**
 * The names that a program should define: those that the exercise requires, and those that its right solutions define.
 */
function ownNames(exercise: Exercise): readonly string[] {
  const known = names.get(exercise) ?? [
    ...exercise.entry,
    ...[exercise.reference, ...exercise.alternatives].flatMap(definedBy),
  ]
  names.set(exercise, known)
  return known
}

/** The functions, classes and variables at the top level of a program. */
const definedBy = (code: string): string[] =>
  [...code.matchAll(/^(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)/gmu)].flatMap(
    ([, one, other]) => one ?? other ?? [],
  )
