import { type Kysely, sql } from 'kysely'
import { modules } from '../../schemas/words.ts'
import type { Tables } from '../../platform/history/tables.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import type { Mastery } from '../../tutor/mastery/mastery.ts'
import { masteryOf } from './mastery.ts'

interface Last {
  exercise_id: string
  attempt: number
  /** Null while it is not graded. */
  verdict: string | null
  received_at: Date
}

/** How a student stands in every module with a grade, what was handed in last, and both as text. */
export interface Standing {
  modules: readonly Mastery[]
  last: { exercise_id: string; attempt: number; verdict: string | null; received_at: string } | null
  text: string
}

/** Where a student stands, from the history alone. */
export async function standingOf(
  db: Kysely<Tables>,
  bank: ExerciseBank,
  studentId: string,
  asOf: Date,
): Promise<Standing> {
  const found = await Promise.all(modules.map(async module => masteryOf(db, bank, studentId, module, asOf)))
  const known = found.filter(mastery => mastery !== undefined)
  const { rows } = await sql<Last>`select submission.exercise_id, submission.attempt, verdict, received_at
    from submission left join grade using (submission_id) where submission.student_id = ${studentId}
    order by received_at desc, grade.exercise_version desc nulls last limit 1`.execute(db)
  const [last] = rows
  return {
    modules: known,
    last: last === undefined ? null : { ...last, received_at: last.received_at.toISOString() },
    text: [...lastLine(last), ...known.map(moduleLine), ...advice(known)].join('\n'),
  }
}

function lastLine(last: Last | undefined): string[] {
  if (last === undefined) return ['You have not handed anything in yet.']
  const counted =
    last.verdict === null ? 'is stored and not graded yet' : `is graded: ${last.verdict.replaceAll('_', ' ')}`
  return [`Your last submission, attempt ${last.attempt} of ${last.exercise_id}, ${counted}.`]
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

/** The mastery of a module with the components that it follows from. */
function moduleLine({ module, mastery, level, components }: Mastery): string {
  const { completion, quiz, quality, consistency } = components
  const parts = [
    completion === null ? [] : `${percent(completion)} of its exercises passed`,
    quiz === null ? [] : `quizzes ${percent(quiz)}`,
    quality === null ? [] : `quality ${percent(quality)}`,
    consistency === null ? [] : `practised on ${percent(consistency)} of the days`,
  ].flat()
  return `${module}: ${Math.round(mastery)} of 100, ${level} (${parts.join(', ')}).`
}

function advice(known: readonly Mastery[]): string[] {
  const weakest = known.toSorted((a, b) => a.mastery - b.mastery)[0]
  if (weakest === undefined) return ['Ask for an exercise to begin with.']
  return weakest.level === 'Mastered' ? [] : [`More exercises in ${weakest.module} bring you on most.`]
}
