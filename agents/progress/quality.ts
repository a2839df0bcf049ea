import type { Kysely } from 'kysely'
import { PlatformError } from '../../platform/errors.ts'
import type { Tables } from '../../platform/history/tables.ts'
import type { Exercise } from '../../tutor/exercise/parse-exercise.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import { qualityOf } from '../../tutor/review/review.ts'
import { aboutExercise } from '../../tutor/review/task.ts'

/** The grade that a `submission.graded` tells of. */
interface Graded {
  submission_id: string
  exercise_id: string
  exercise_version: number
  verdict: string
}

/**
 * Stores the quality of a passed program with its grade, unless it is there. It follows from the program and the
 * exercise alone, so a repetition stores the same. A grade whose exercise is gone, or whose student was erased, stays
 * without. @throws DEPENDENCY_DOWN
 */
export async function keepQuality(db: Kysely<Tables>, bank: ExerciseBank, graded: Graded): Promise<void> {
  if (graded.verdict !== 'passed') return
  const row = await db
    .selectFrom('grade')
    .innerJoin('submission', 'submission.submission_id', 'grade.submission_id')
    .select('submission.code')
    .where('grade.submission_id', '=', graded.submission_id)
    .where('grade.exercise_version', '=', graded.exercise_version)
    .where('grade.quality', 'is', null)
    .executeTakeFirst()
  const exercise = row === undefined ? undefined : await exerciseOf(bank, graded)
  if (row === undefined || exercise === undefined) return
  const quality = qualityOf(row.code, aboutExercise(exercise))
  if (quality === undefined) return
  await db
    .updateTable('grade')
    .set({ quality })
    .where('submission_id', '=', graded.submission_id)
    .where('exercise_version', '=', graded.exercise_version)
    .where('quality', 'is', null)
    .execute()
}

async function exerciseOf(
  bank: ExerciseBank,
  { exercise_id: id, exercise_version: version }: Graded,
): Promise<Exercise | undefined> {
  try {
    return await bank.find(id, version)
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
