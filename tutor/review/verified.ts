import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { gradeCached } from '../grade/cache.ts'
import { applyEdits } from './edit.ts'
import { readProgram, type Remark } from './read.ts'
import { type Finding, findingOf, maxFindings, remarksFor, type Review, reviewOf, textOf, unread } from './review.ts'
import type { Level } from './rules.ts'
import { aboutExercise } from './task.ts'

/** How many remarks are tried for those that are shown, as some may turn out to be wrong. */
const spare = 3

export interface VerifiedOptions {
  /** Default beginner. */
  level?: Level
  /** Picks the random tests. */
  seed: string
}

/**
 * Reviews a program for an exercise. Each edit is run on the tests of the exercise: an edit whose results are other than
 * the program's is not shown, and neither is a remark that calls it simpler, clearer or cheaper.
 * @throws what gradeCached throws.
 */
export async function reviewVerified(
  source: string,
  exercise: Exercise,
  sandbox: Sandbox,
  { level = 'beginner', seed }: VerifiedOptions,
): Promise<Review> {
  const reading = readProgram(source, aboutExercise(exercise))
  if (reading.problem !== undefined) return unread(reading, level)
  const code = textOf(source)
  const remarks = remarksFor(reading.remarks, level).slice(0, maxFindings[level] + spare)
  const results = async (program: string): Promise<string | undefined> => resultsOf(program, exercise, sandbox, seed)
  const before = remarks.some(({ edits }) => edits.length > 0) ? await results(code) : undefined
  const findings = await Promise.all(
    remarks.map(async (remark): Promise<Finding | undefined> => {
      if (remark.edits.length === 0) return findingOf(code, remark)
      const edited = applyEdits(code, remark.edits)
      const isEqual = before !== undefined && before === (await results(edited)) && isAllowed(remark, exercise)
      if (isEqual) return { ...findingOf(code, remark), verified: true }
      return remark.rule.kind === 'risk' || before === undefined ? findingOf(code, { ...remark, edits: [] }) : undefined
    }),
  )
  const shown = findings.filter(finding => finding !== undefined).slice(0, maxFindings[level])
  return reviewOf(reading, level, shown)
}

/** What a program does in each test, as text; undefined when it does not load or is stopped. */
async function resultsOf(
  program: string,
  exercise: Exercise,
  sandbox: Sandbox,
  seed: string,
): Promise<string | undefined> {
  const { judgement } = await gradeCached(program, exercise, sandbox, { seed, detail: 'verdict' })
  const { verdict, tests } = judgement
  if (verdict !== 'passed' && verdict !== 'failed') return undefined
  return JSON.stringify(tests.map(({ passed, got, error }) => [passed, got, error?.type ?? null]))
}

/** Whether an edit brings in no call that the exercise forbids. */
const isAllowed = ({ edits }: Remark, { rules }: Exercise): boolean =>
  !(rules?.ban_calls ?? []).some(call => {
    const name = call.split('.').at(-1) ?? call
    return edits.some(({ text }) => new RegExp(`\\b${RegExp.escape(name)}\\(`).test(text))
  })
