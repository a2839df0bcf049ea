import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { gradeProgram, type Judgement } from '../grade/grade.ts'
import { plainText } from '../grade/judge.ts'

/** The random tests of answers: all answers to a question are judged by the same ones. */
const seed = 'quiz'
const seconds = 2

/** How a program is judged that an answer makes: by the tests of an exercise, or by what it prints. */
export type Judge = { exercise: Exercise } | { prints: string; stdin: string }

/** Whether a program is right, and what a shown test says of one that is not. */
export interface Solved {
  right: boolean
  shown: Pick<Judgement['tests'][number], 'call' | 'got' | 'expected'> | undefined
}

/** Runs a program in interpreters of its own. @throws SANDBOX_CRASHED, DEPENDENCY_DOWN, TOO_MANY_REQUESTS */
export async function solve(
  program: string,
  judge: Judge,
  sandbox: Sandbox,
  owner: string | undefined,
): Promise<Solved> {
  const own = owner === undefined ? {} : { owner }
  if ('exercise' in judge) {
    const { verdict, tests } = await gradeProgram(program, judge.exercise, sandbox, { seed, detail: 'verdict', ...own })
    return { right: verdict === 'passed', shown: tests.find(({ passed, hidden }) => !passed && !hidden) }
  }
  const run = await sandbox.run({ code: program, stdin: judge.stdin, seconds, ...own })
  const got = plainText(run.stdout)
  const right = run.ended === 'ok' && run.error === undefined && got === judge.prints
  return { right, shown: right ? undefined : { call: 'the program', got, expected: judge.prints } }
}
