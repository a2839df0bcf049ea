import { randomUUID } from 'node:crypto'
import { type Kysely, type RawBuilder, sql, type SqlBool, type Transaction } from 'kysely'
import { struggleCleared, struggleDetected } from '../../schemas/events.ts'
import type { LearningEvent } from '../../schemas/learning-event.ts'
import { isSynthetic, type Module, type Verdict } from '../../schemas/words.ts'
import type { Tables } from '../../platform/history/tables.ts'
import { leastShare, quizStruggles, type Struggle, strugglesOf } from '../../tutor/struggle/rules.ts'
import { newestAttempts, takenQuizzes } from './attempts.ts'

/** Hours: what was told is not told again for so long. */
export const windowHours = 24

/** What a grade or a quiz changes: rows to store and events to publish, in one transaction. */
export interface StruggleChange {
  events: LearningEvent[]
  write(trx: Transaction<Tables>): Promise<void>
}

/** What caused a look: the student, the event's key, and its trace. */
interface Cause {
  studentId: string
  key: readonly (string | number)[]
  source: '/agents/progress' | '/api'
  traceparent: string | undefined
}

/**
 * What a grade changes: a pass clears what is open, any other verdict may show a new struggle. Synthetic students never
 * struggle.
 */
export async function struggleAfter(
  db: Kysely<Tables>,
  cause: Cause,
  grade: { submission_id: string; exercise_id: string; module: Module; verdict: Verdict },
): Promise<StruggleChange> {
  if (isSynthetic(cause.studentId)) return telling(db, cause, [])
  if (grade.verdict === 'passed') return clearing(db, cause, grade.submission_id, clearedByPass(grade))
  const { rows } = await newestAttempts(cause.studentId).execute(db)
  return telling(db, cause, strugglesOf(rows))
}

/** The same for an answered quiz: one with half or more right clears, any other is a struggle. */
export async function struggleAfterQuiz(
  db: Kysely<Tables>,
  cause: Cause,
  { quiz_id, module, score }: { quiz_id: string; module: Module; score: number },
): Promise<StruggleChange> {
  if (isSynthetic(cause.studentId)) return telling(db, cause, [])
  if (score >= leastShare) return clearing(db, cause, quiz_id, ofQuizIn(module))
  const { rows } = await takenQuizzes(sql`where student_id = ${cause.studentId} and module = ${module}`).execute(db)
  return telling(db, cause, quizStruggles(rows))
}

/** Stores and tells these struggles, except for those that were told within a day. */
export async function telling(
  db: Kysely<Tables>,
  { studentId, key, source, traceparent }: Cause,
  found: readonly Struggle[],
): Promise<StruggleChange> {
  const told = found.length === 0 ? [] : await toldToday(db, studentId)
  const news = found.filter(struggle => !told.some(row => isSame(row, struggle)))
  return {
    events: news.map(({ rule, exercise_id, evidence }) =>
      struggleDetected.of(
        studentId,
        { exercise_id, reason: rule, evidence: [...evidence] },
        { key: [...key, rule, exercise_id ?? ''], source, traceparent },
      ),
    ),
    write: async trx => {
      for (const { evidence, ...struggle } of news)
        await trx
          .insertInto('struggle')
          .values({
            struggle_id: randomUUID(),
            student_id: studentId,
            ...struggle,
            evidence: JSON.stringify(evidence),
          })
          .execute()
    },
  }
}

/** Quizzes have no exercise: they are the same struggle where one of them is the evidence of both. */
const isSame = (
  row: { rule: string; exercise_id: string | null; evidence: string[] },
  { rule, exercise_id, evidence }: Struggle,
): boolean =>
  row.rule === rule &&
  row.exercise_id === exercise_id &&
  (rule !== 'quiz_below_half' || evidence.some(id => row.evidence.includes(id)))

const toldToday = async (db: Kysely<Tables>, studentId: string) =>
  db
    .selectFrom('struggle')
    .select(['rule', 'exercise_id', 'evidence'])
    .where('student_id', '=', studentId)
    .where('detected_at', '>', sql<Date>`now() - make_interval(hours => ${windowHours})`)
    .execute()

/** SQL: of an open struggle, whether it was about a quiz of this module. */
const ofQuizIn = (module: Module): RawBuilder<SqlBool> => sql`(rule = 'quiz_below_half' and exists (select 1
  from jsonb_array_elements_text(struggle.evidence) id join quiz on quiz_id = id::uuid where module = ${module}))`

/**
 * SQL: what a pass clears: what is open about that exercise, failures in a row, what the student said, quizzes of the
 * module, and all from before a teacher assigned the exercise.
 */
const clearedByPass = ({ exercise_id, module }: { exercise_id: string; module: Module }): RawBuilder<SqlBool> => sql`
  (exercise_id = ${exercise_id} or rule in ('failed_in_a_row', 'says_stuck') or ${ofQuizIn(module)}
  or exists (select 1 from assignment join class_member member using (class_id)
    where member.student_id = struggle.student_id and joined_at is not null
      and assignment.exercise_id = ${exercise_id} and assigned_at > struggle.detected_at))`

/** Clears what is open and meets a condition; `evidence` is the success that does it. */
async function clearing(
  db: Kysely<Tables>,
  { studentId, key, source, traceparent }: Cause,
  evidence: string,
  condition: RawBuilder<SqlBool>,
): Promise<StruggleChange> {
  const open = await db
    .selectFrom('struggle')
    .select(['struggle_id', 'exercise_id'])
    .where('student_id', '=', studentId)
    .where('cleared_at', 'is', null)
    .where(condition)
    .execute()
  const exercises = new Set(open.map(({ exercise_id }) => exercise_id))
  return {
    events: [...exercises].map(exercise_id =>
      struggleCleared.of(
        studentId,
        { exercise_id, evidence: [evidence] },
        { key: [...key, exercise_id ?? ''], source, traceparent },
      ),
    ),
    write: async trx => {
      const ids = open.map(({ struggle_id }) => struggle_id)
      if (ids.length > 0)
        await trx
          .updateTable('struggle')
          .set({ cleared_at: sql<Date>`now()` })
          .where('struggle_id', 'in', ids)
          .execute()
    },
  }
}
