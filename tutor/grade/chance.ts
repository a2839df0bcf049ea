import type { CallResult, Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { judge } from './judge.ts'
import { mayVary, ranOut } from './reach.ts'
import { type CallsRun, runCalls } from './run-calls.ts'
import type { Owner } from './run-cases.ts'
import type { TestCase } from './test-cases.ts'

/** The number of results, over all tests, in which a program that guesses is found out. */
const enough = 24
const again = { least: 2, most: 12 }
/** In ms of a program's own time: what more runs than the least may take together. */
const room = 3_000

/**
 * The tests that are right in one run and wrong in another, with the wrong result, by their position. A program that
 * may draw numbers or ask the clock is run again, each time in a clean interpreter with another seed, until a run
 * differs; where a solution or the surroundings of the exercise do so as well, chance is its subject and nothing is
 * run.
 */
export async function varyingResults(
  code: string,
  exercise: Exercise,
  { cases, run }: { cases: readonly TestCase[]; run: CallsRun },
  sandbox: Sandbox,
  { owner }: Owner,
): Promise<Map<number, CallResult>> {
  const { prelude = '', helpers = '', reference, alternatives } = exercise
  const varying = new Map<number, CallResult>()
  const isAsked = run.ended === 'ok' && mayVary(code)
  if (!isAsked || [prelude, helpers, reference, ...alternatives].some(mayVary)) return varying
  const calls = cases.map(({ call }) => call)
  const around = { ...(owner === undefined ? {} : { owner }), ...(run.share === undefined ? {} : { share: run.share }) }
  for (let left = timesFor(cases.length, run.duration_ms); left > 0 && varying.size === 0; left -= 1) {
    const { results } = await runCalls(code, exercise, calls, sandbox, around)
    for (const [at, one] of cases.entries()) {
      const [before, now] = [run.results[at], results[at]]
      if (before === undefined || now === undefined || ranOut(before) || ranOut(now)) continue
      const [was, is] = [before, now].map(result => judge(one, result).outcome.passed)
      if (was !== is) varying.set(at, was === true ? now : before)
    }
  }
  return varying
}

function timesFor(tests: number, duration_ms: number): number {
  const wanted = Math.min(again.most, Math.ceil(enough / tests))
  return Math.max(again.least, Math.min(wanted, Math.floor(room / Math.max(1, duration_ms))))
}
