import type { CallResult, Sandbox, StepResult } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { repr, stringText } from '../python/repr.ts'
import { holdsOther } from './compare.ts'
import { surroundings, type TestCall } from './test-calls.ts'

/** The result of a test's run, with whether what must hold of it does. */
export type Judgeable = Omit<CallResult, 'steps'> & { holds?: boolean; steps?: (StepResult & { holds?: boolean })[] }

/** Seconds for all conditions of a program's tests. */
const seconds = 30
const maxLiteral = 1_000_000

/**
 * The results with the answer to each condition. It is worked out in a trusted interpreter, which gets a program's
 * results as plain data only, so that no method of a program decides about it.
 */
export async function withHolds(
  calls: readonly TestCall[],
  results: readonly CallResult[],
  exercise: Exercise,
  sandbox: Sandbox,
): Promise<Judgeable[]> {
  const asked = new Set<string>()
  const questionsOf = (call: TestCall, at: number, result: StepResult): string[] => {
    const holds = call.steps?.[at]?.holds
    return holds === undefined ? [] : questions(holds, result)
  }
  for (const [index, result] of results.entries()) {
    const call = calls[index] ?? {}
    for (const [at, step] of (result.steps ?? []).entries())
      for (const text of questionsOf(call, at, step)) asked.add(text)
  }
  const answers = asked.size === 0 ? new Map<string, boolean>() : await answersTo([...asked], exercise, sandbox)
  return results.map((result, index) => {
    const call = calls[index] ?? {}
    const steps = result.steps?.map((step, at) => ({
      ...step,
      ...(call.steps?.[at]?.holds === undefined
        ? {}
        : { holds: questionsOf(call, at, step).some(text => answers.get(text) === true) }),
    }))
    // What failed before the first step is no exception that a test expects.
    if (call.steps !== undefined && steps === undefined && result.error !== undefined)
      return { ...result, error: { ...result.error, mro: [] } }
    // A single step is the whole test, and so what it printed and gave is the test's.
    return { ...result, ...(steps?.length === 1 ? steps[0] : {}), ...(steps === undefined ? {} : { steps }) }
  })
}

async function answersTo(
  asked: readonly string[],
  exercise: Exercise,
  sandbox: Sandbox,
): Promise<Map<string, boolean>> {
  const { limits, helpers, reference } = exercise
  const run = await sandbox.run({
    ...surroundings(exercise),
    code: reference,
    calls: asked.map(text => ({
      steps: [{ call: text }],
      ...(helpers === undefined ? {} : { before: [helpers] }),
    })),
    megabytes: limits.megabytes,
    seconds,
    trusted: true,
    authored: true,
  })
  return new Map(
    asked.map((text, at) => {
      const value = run.calls[at]?.steps?.[0]?.value
      return [text, value?.kind === 'bool' && value.value]
    }),
  )
}

/** The condition as calls of its own, with the result in it; none for a result that is not plain data. */
function questions(holds: string, { ended, value, error }: StepResult): string[] {
  if (ended === 'raised')
    return [...new Set([error?.message ?? '', error?.argument ?? []].flat())].map(message =>
      question(holds, 'None', stringText(message)),
    )
  const literal = value === undefined || holdsOther(value) ? undefined : literalOf(value)
  return literal === undefined ? [] : [question(holds, literal, 'None')]
}

/** Floats that have no literal are passed by the names that `repr` gives them. */
const question = (holds: string, result: string, message: string): string =>
  `(lambda result, message, re: not not (${holds}\n))((lambda nan, inf: ${result})(float('nan'), float('inf')), ` +
  `${message}, __import__('re'))`

function literalOf(value: PythonValue): string | undefined {
  const text = repr(value, maxLiteral)
  return text.length >= maxLiteral && text.endsWith('...') ? undefined : text
}

/** A call that has the same syntax errors as a condition. */
export const syntaxOf = (holds: string): string => `(lambda result, message, re: (${holds}\n)) and None`
