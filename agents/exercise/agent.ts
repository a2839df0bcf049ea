import { submissionGraded } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'
import { jsonText } from '../json-text.ts'
import { seedFor } from './generate.ts'
import { gradeProgram } from './grade.ts'

/** Grades a submission against its exercise. The worker stores the grade and the event in one transaction. */
export const exercise = defineAgent({
  name: 'exercise',
  concurrency: 16,
  consumes: {
    'submission.received': async ({ subject, data, traceparent }, { sandbox, bank }) => {
      const task = bank.get(data.exercise_id, data.exercise_version)
      const judgement = await gradeProgram(data.code, task, sandbox, { seed: seedFor(data.submission_id), owner: subject })
      const known = { submission_id: data.submission_id, exercise_id: task.id, exercise_version: task.version, module: task.module, attempt: data.attempt }
      const { verdict, score, duration_ms, seed, notes, tests, error } = judgement
      const graded = submissionGraded.of(
        subject,
        { ...known, verdict, score, duration_ms },
        { key: [data.submission_id, task.version], source: '/agents/exercise', traceparent },
      )
      return {
        grades: [
          {
            ...known,
            student_id: subject,
            verdict,
            score,
            duration_ms,
            seed,
            notes: jsonText(notes),
            tests: jsonText(tests),
            error: error === undefined ? null : jsonText(error),
          },
        ],
        events: [graded],
      }
    },
  },
})
