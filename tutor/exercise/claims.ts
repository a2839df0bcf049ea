import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Problem } from '../../schemas/positions.ts'
import { judge } from '../grade/judge.ts'
import { runCalls } from '../grade/run-calls.ts'
import { isWholeProgram } from '../grade/test-calls.ts'
import type { TestCase } from '../grade/test-cases.ts'
import { stringText } from '../python/repr.ts'
import type { At } from './check-tests.ts'
import type { Exercise } from './parse-exercise.ts'

const source = readFile(join(import.meta.dirname, '..', 'python', 'claims.py'), 'utf8')

/**
 * Refuses a test that is decided by the word of what a program returns: it then passes with results that claim to be
 * equal to everything, and fails with the same results that claim to be equal to nothing, or the other way round.
 * Objects of the reference's own classes may be compared by their own `__eq__`, but some test must notice one that is
 * always true.
 */
export async function claimProblems(
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  at: At,
): Promise<Problem[]> {
  if (cases.every(({ call }) => isWholeProgram(call))) return []
  const passed = async (of: 'results' | 'objects', answer: boolean): Promise<boolean[]> => {
    const code = await claiming(exercise.reference, of, answer)
    const calls = cases.map(({ call }) => call)
    const { results } = await runCalls(code, exercise, calls, sandbox, {})
    return cases.map((one, index) => {
      const result = results[index]
      return result !== undefined && judge(one, result).outcome.passed
    })
  }
  const [equal, unequal, alike, unlike] = await Promise.all([
    passed('results', true),
    passed('results', false),
    passed('objects', true),
    passed('objects', false),
  ])
  const decided = cases.filter((_, index) => equal[index] !== unequal[index])
  const problems = decided.map(({ keys, label }) =>
    at(
      keys,
      `${label} is decided by the comparisons of what the program returns, which may claim anything: let the call give ` +
        'that value, and say in expect or holds what it must be',
    ),
  )
  if (alike.every(Boolean) && !unlike.every(Boolean))
    problems.push(at(['tests'], 'objects that equal everything pass every test: add one in which two must differ'))
  return problems
}

/** A program that then gives tests something that answers every comparison alike. */
async function claiming(program: string, of: 'results' | 'objects', answer: boolean): Promise<string> {
  const names = `{'program': __import__('sys').modules[__name__], 'of': '${of}', 'answer': ${answer ? 'True' : 'False'}}`
  return `${program}\n__import__('builtins').exec(${stringText(await source)}, ${names})\n`
}
