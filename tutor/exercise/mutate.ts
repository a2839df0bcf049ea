import type { Sandbox, CallResult } from '../../platform/ports/sandbox.ts'
import { type TestCase, contentOf } from '../grade/test-cases.ts'
import { compare, holdsOther } from '../grade/compare.ts'
import { generateCases } from './generate-inputs.ts'
import { judge, plainText } from '../grade/judge.ts'
import { callTextOf, isWholeProgram, type TestCall, withCallText } from '../grade/test-calls.ts'
import { type Exercise, placeIn } from './parse-exercise.ts'
import { itemsOf, runScript, textOf } from '../python/scripts.ts'
import { type Mutant, seconds, runMutants } from './run-mutants.ts'

/**
 * A changed reference that passes the tests, with an input that shows that it is wrong. `line` is in the file at
 * `path`.
 */
export interface Survivor {
  path: string
  line: number
  change: string
  input: string
}

/** `made` counts the one-token changes of the reference that change what it does, `caught` those that fail a test. */
export interface Mutation {
  made: number
  caught: number
  survivors: Survivor[]
}

/** The search for a difference uses this many times the random inputs of a grade. */
const searchTimes = 8

/** Changes the reference in every way of `python/mutants.py` and counts which changes the tests catch. */
export async function mutate(exercise: Exercise, cases: readonly TestCase[], sandbox: Sandbox): Promise<Mutation> {
  const all = await runMutants(
    exercise,
    cases.map(({ call }) => call),
    sandbox,
  )
  const fails = ({ results }: Mutant): boolean => cases.some((one, at) => !passes(one, results[at]))
  const unnoticed = all.filter(mutant => mutant.number >= 0 && !fails(mutant))
  const survivors = unnoticed.length === 0 ? [] : await different(exercise, cases, unnoticed, sandbox)
  const caught = all.filter(mutant => mutant.number >= 0).length - unnoticed.length
  return { made: caught + survivors.length, caught, survivors }
}

const passes = (one: TestCase, result: CallResult | undefined): boolean =>
  result !== undefined && judge(one, result).outcome.passed

/** The mutants that behave differently from the reference on inputs that no test has. */
async function different(
  exercise: Exercise,
  cases: readonly TestCase[],
  mutants: readonly Mutant[],
  sandbox: Sandbox,
): Promise<Survivor[]> {
  const calls = await otherInputs(exercise, cases, sandbox)
  if (calls.length === 0) return []
  const [reference, ...changed] = await runMutants(
    exercise,
    calls,
    sandbox,
    mutants.map(({ number }) => number),
  )
  if (reference === undefined) return []
  const raised = new Set(exercise.tests.flatMap(test => ('raises' in test ? test.raises : [])))
  const judgeable = calls.map((_, at) => isJudgeable(reference.results[at], raised))
  return changed.flatMap(({ line, change, results }) => {
    const at = calls.findIndex(
      (_, index) => judgeable[index] === true && !same(results[index], reference.results[index]),
    )
    const call = calls[at]
    return call === undefined
      ? []
      : { ...placeIn(exercise, ['reference'], line), change, input: callTextOf(call) ?? call.stdin ?? '' }
  })
}

/**
 * Whether an input is one that the exercise intends: the reference returns a result for it, or an error that some test
 * expects.
 */
function isJudgeable(result: CallResult | undefined, raised: ReadonlySet<string>): boolean {
  return result !== undefined && (result.ended === 'ok' || (result.error?.mro ?? []).some(name => raised.has(name)))
}

function same(got: CallResult | undefined, wanted: CallResult | undefined): boolean {
  if (got === undefined || wanted === undefined || got.ended !== wanted.ended) return false
  if (wanted.ended !== 'ok') return got.error?.mro[0] === wanted.error?.mro[0]
  if (wanted.value !== undefined)
    return got.value !== undefined && (holdsOther(wanted.value) || compare(got.value, wanted.value, 1e-9).equal)
  const files = Object.entries(wanted.files ?? {})
  return (
    plainText(got.stdout) === plainText(wanted.stdout) &&
    files.every(([name, text]) => plainText(got.files?.[name] ?? '') === plainText(text ?? ''))
  )
}

/** Random inputs of a seed that no grade uses, and inputs close to those of the tests. */
async function otherInputs(exercise: Exercise, cases: readonly TestCase[], sandbox: Sandbox): Promise<TestCall[]> {
  const random = generateCases(exercise, `search ${contentOf(exercise)}`, searchTimes).map(({ test, call, stdin }) => ({
    trial: call === undefined ? { stdin: stdin ?? '' } : { call },
    files: test.files,
  }))
  const given = cases.map(({ call }) => call)
  const near = await runScript(
    'neighbours',
    {
      source: exercise.reference,
      calls: given.flatMap(call => callTextOf(call) ?? []),
      stdins: given.flatMap(call => (isWholeProgram(call) ? (call.stdin ?? []) : [])),
    },
    sandbox,
    seconds,
  )
  const [calls, stdins] = near === undefined ? [] : itemsOf(near).map(texts => itemsOf(texts).map(textOf))
  const like = given.find(call => callTextOf(call) !== undefined) ?? given[0] ?? {}
  const around = {
    ...(like.files === undefined ? {} : { files: like.files }),
    ...(like.reads === undefined ? {} : { reads: like.reads }),
  }
  return [
    ...random.map(({ trial, files }) => Object.assign(trial, around, files === undefined ? {} : { files })),
    ...(calls ?? []).map(call => withCallText(like, call)),
    ...(stdins ?? []).map(stdin => Object.assign({ stdin }, around)),
  ]
}
