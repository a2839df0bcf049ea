import type { CallResult, Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { memoize } from '../memoize.ts'
import { judge } from './judge.ts'
import { mayKeepState } from './reach.ts'
import { runCalls } from './run-calls.ts'
import { isWholeProgram, type TestCall } from './test-calls.ts'
import { type TestCase, contentOf } from './test-cases.ts'

/** In ms of a program's own time: tests that took longer are not repeated within the row. */
const briefMs = 300
const recall = memoize<boolean>(500)

/**
 * The tests that pass by themselves and fail after the others, with their results, by their position. The tests run in
 * a row in one namespace, and then again, the hidden ones last so that no shown result can hold anything of them.
 * Empty when the reference keeps state as well, or when the program gives another result each time.
 */
export async function keptState(
  code: string,
  exercise: Exercise,
  { cases, duration_ms }: { cases: readonly TestCase[]; duration_ms: number },
  sandbox: Sandbox,
  owner: { owner?: string },
): Promise<Map<number, CallResult>> {
  const isRow = cases.every(({ call }) => !isWholeProgram(call) && Object.keys(call.files ?? {}).length === 0)
  if (exercise.kept_state === 'allowed' || !isRow || !mayKeepState(code)) return new Map()
  const row = rowOf(cases, duration_ms < briefMs)
  const first = await failedIn(row, code, exercise, cases, sandbox, owner)
  if (first.size === 0) return first
  const again = await failedIn(row, code, exercise, cases, sandbox, owner)
  const steady = [...first].filter(([at, result]) => gotOf(cases[at], result) === gotOf(cases[at], again.get(at)))
  if (steady.length === 0) return new Map()
  const key = `${contentOf(exercise)} ${JSON.stringify(row.map(at => cases[at]?.call))}`
  const isMeant = await recall(
    key,
    async () => (await failedIn(row, exercise.reference, exercise, cases, sandbox, owner)).size > 0,
  )
  return isMeant ? new Map() : new Map(steady)
}

/** The order of a row, as positions of tests. */
function rowOf(cases: readonly TestCase[], twice: boolean): number[] {
  const all = [...cases.keys()]
  return [false, true].flatMap(hidden => {
    const some = all.filter(at => cases[at]?.hidden === hidden)
    return twice ? [...some, ...some] : some
  })
}

const gotOf = (one: TestCase | undefined, result: CallResult | undefined): string | undefined =>
  one === undefined || result === undefined ? undefined : judge(one, result).outcome.got

/** The first failure of each test in a row. A row that was stopped shows nothing. */
async function failedIn(
  row: readonly number[],
  code: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  owner: { owner?: string },
): Promise<Map<number, CallResult>> {
  const calls = row.map((at): TestCall => {
    const { files: _files, ...call } = cases[at]?.call ?? { call: 'None' }
    return call
  })
  const { results } = await runCalls(code, exercise, calls, sandbox, { ...owner, share: 'namespace' })
  const failed = new Map<number, CallResult>()
  for (const [place, at] of row.entries()) {
    const [one, result] = [cases[at], results[place]]
    if (one === undefined || result === undefined || failed.has(at)) continue
    if (result.ended !== 'ok' && result.ended !== 'raised') continue
    if (!judge(one, result).outcome.passed) failed.set(at, result)
  }
  return failed
}
