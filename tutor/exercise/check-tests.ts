import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { TestCase } from '../grade/test-cases.ts'
import { judge, type TestOutcome } from '../grade/judge.ts'
import type { Problem } from '../../schemas/positions.ts'
import type { Exercise } from './parse-exercise.ts'
import { isWholeProgram } from '../grade/test-calls.ts'
import { runCalls } from '../grade/run-calls.ts'
import { noteText } from '../feedback/texts.ts'

export type At = (keys: readonly (string | number)[], message: string) => Problem

/**
 * Finds ambiguous tests: duplicates, tests that no program can fail, and results that vary between runs or differ from
 * their expectation only in type.
 */
export async function testProblems(
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  at: At,
): Promise<Problem[]> {
  const calls = cases.map(({ call }) => call)
  const [first, second, empty] = await Promise.all(
    [exercise.reference, exercise.reference, ''].map(async code => runCalls(code, exercise, calls, sandbox, {})),
  )
  const problems = twins(exercise, at)
  for (const [index, one] of cases.entries()) {
    const [once, again, without] = [first?.results[index], second?.results[index], empty?.results[index]]
    if (once === undefined || again === undefined) continue
    const judged = judge(one, once)
    if (varies(one, judged.outcome, judge(one, again).outcome))
      problems.push(at(one.keys, `the reference gives another result each time for ${one.label}`))
    if (judged.outcome.passed && judged.note !== undefined && one.keys[0] === 'tests')
      problems.push(
        at(
          one.keys,
          'the reference gets a note: ' +
            noteText({ ...judged.note, params: { ...judged.note.params, call: one.label } }),
        ),
      )
    if (!isWholeProgram(one.call) && without !== undefined && judge(one, without).outcome.passed)
      problems.push(at(one.keys, `${one.label} passes without any program, so it tests nothing`))
  }
  return problems
}

/** Results may vary where each of them is right. */
function varies({ expected: { kind } }: TestCase, once: TestOutcome, again: TestOutcome): boolean {
  const mayVary = once.passed && again.passed && (kind === 'holds' || kind === 'steps')
  return once.got !== again.got && !mayVary
}

function twins({ tests }: Exercise, at: At): Problem[] {
  const seen = new Map<string, number>()
  return tests.flatMap((test, index) => {
    const { hidden: _hidden, note: _note, ...rest } = test
    const key = JSON.stringify('call' in test ? [test.call, test.files, test.stdin, test.patch] : rest)
    const twin = seen.get(key)
    seen.set(key, index)
    return twin === undefined ? [] : at(['tests', index], `the same test as number ${twin + 1}`)
  })
}
