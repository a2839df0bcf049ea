import type { History } from '../../platform/ports/history.ts'
import { passStep } from '../../platform/steps.ts'
import { submissionGraded } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'
import { answersAs } from '../answer.ts'
import { jsonText } from '../json-text.ts'
import type { Judgement, TestOutcome } from '../../tutor/grade/grade.ts'
import { gradeCached } from '../../tutor/grade/cache.ts'
import { storeGrade } from './store-grade.ts'

/** The stored judgement of an equal program that was graded before. */
export async function storedJudgement(
  db: History['db'],
  fingerprints: readonly string[],
): Promise<Judgement | undefined> {
  const row = await db
    .selectFrom('grade')
    .select(['verdict', 'score', 'duration_ms', 'seed', 'notes', 'tests', 'error', 'smallest_failing'])
    .where('fingerprint', 'in', fingerprints)
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { notes, tests, error, smallest_failing: smallest, ...rest } = row
  return {
    ...rest,
    notes: notes as Judgement['notes'],
    tests: tests as TestOutcome[],
    ...(error === null ? {} : { error: error as NonNullable<Judgement['error']> }),
    ...(smallest === null ? {} : { smallest_failing: smallest as NonNullable<Judgement['smallest_failing']> }),
  }
}

/**
 * Grades a submission against its exercise. Grade, answer and event are stored in one transaction. A question for it is
 * answered with the exercises to go on with.
 */
export default defineAgent({
  name: 'exercise',
  concurrency: 16,
  answersQuestions: true,
  insteadOfAnAnswer: 'GET /api/v1/exercises lists exercises; POST /api/v1/submissions hands a program in.',
  consumes: {
    'question.routed': answersAs('exercise'),
    'submission.received': async (event, { history, sandbox, bank }) => {
      const { subject, data, traceparent } = event
      const task = await bank.find(data.exercise_id, data.exercise_version)
      passStep('exercise:found', event)
      const known = async (fingerprints: readonly string[]): Promise<Judgement | undefined> =>
        storedJudgement(history.db, fingerprints)
      const {
        judgement,
        fingerprint = null,
        shape = null,
      } = await gradeCached(data.code, task, sandbox, { owner: subject, known, shaped: true })
      const about = {
        submission_id: data.submission_id,
        exercise_id: task.id,
        exercise_version: task.version,
        module: task.module,
        attempt: data.attempt,
      }
      passStep('exercise:judged', event)
      const { verdict, score, duration_ms, seed, notes, tests, error, smallest_failing: smallest } = judgement
      const graded = submissionGraded.of(
        subject,
        { ...about, verdict, score, duration_ms },
        { key: [data.submission_id, task.version], source: '/agents/exercise', traceparent },
      )
      passStep('exercise:told', event)
      return {
        write: async trx =>
          storeGrade(trx, {
            ...about,
            student_id: subject,
            verdict,
            score,
            duration_ms,
            seed,
            notes: jsonText(notes),
            tests: jsonText(tests),
            error: error === undefined ? null : jsonText(error),
            smallest_failing: smallest === undefined ? null : jsonText(smallest),
            fingerprint,
            shape,
          }),
        // The request shows the newest grade.
        answer: { request_id: data.submission_id, result: { submission_id: data.submission_id, verdict, score } },
        events: [graded],
      }
    },
  },
})
