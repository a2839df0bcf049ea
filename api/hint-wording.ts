import { type Worded, wordAnswer } from '../agents/wording/word-answer.ts'
import type { ExerciseFile } from '../schemas/exercise.ts'
import type { Context } from './context.ts'

/** A hint to be worded: level `level` of `hints`, for `code`. `key`: the same whenever this hint is given again. */
export interface GivenHint {
  studentId: string
  exercise: ExerciseFile
  message: string
  code: string
  hints: readonly string[]
  level: number
  key: string
}

/** The programs that a text shows in fences. */
const codeOf = (text: string): string[] => [...text.matchAll(/^```\w*\n([^]*?)^```/gmu)].map(([, code = '']) => code)

/** A hint in the words of a model, where there is one; its calls end before the transaction that stores the hint. */
export async function wordHint(
  { ports }: Context,
  { studentId, exercise, message, code, hints, level, key }: GivenHint,
): Promise<Worded> {
  const brief = {
    text: hints[level - 1] ?? '',
    facts: null,
    message,
    code,
    level,
    // What the last hint shows is of a solution, too.
    solutions: [exercise.reference, ...exercise.alternatives, ...codeOf(hints.at(-1) ?? '')],
    ownPrograms: false,
  }
  return wordAnswer(ports, brief, { studentId, key, since: new Date() })
}
