import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { type Review, reviewProgram } from '../../tutor/review/review.ts'
import { levels } from '../../tutor/review/rules.ts'
import { reviewText } from '../../tutor/review/show.ts'
import { reviewVerified } from '../../tutor/review/verified.ts'
import { type Asked, readAsked } from '../asked.ts'
import { rankOf } from '../rank.ts'

/** The review of a program; null when there is none to review. `submitted`: it is the one that was handed in last. */
export interface ReviewAnswer {
  review: Review | null
  exercise_id: string | null
  submitted: boolean
  text: string
}

/** Reviews the program of a question, else the one that the student handed in last. */
export async function reviewAsked(
  { db, bank, sandbox }: { db: Kysely<Tables>; bank: ExerciseBank; sandbox: Sandbox },
  asked: Asked,
): Promise<ReviewAnswer> {
  const { program, exercise } = await readAsked(db, bank, asked)
  if (program === undefined)
    return {
      review: null,
      exercise_id: null,
      submitted: false,
      text: 'There is no program to review: send it with the message, or hand one in first.',
    }
  const { code, seed, submitted } = program
  const level = levels[await rankOf(db, asked.studentId, exercise?.module)] ?? 'beginner'
  const review =
    exercise === undefined
      ? reviewProgram(code, { level })
      : await reviewVerified(code, exercise, sandbox, { level, seed })
  const about = submitted && exercise !== undefined ? `Your last program for ${exercise.id}: ` : ''
  return { review, exercise_id: exercise?.id ?? null, submitted, text: `${about}${reviewText(review)}` }
}
