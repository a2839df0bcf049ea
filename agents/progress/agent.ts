import { defineAgent } from '../agent.ts'
import { answersAs } from '../answer.ts'
import { masteryAfter, type MasteryOutcome } from './mastery-after.ts'
import { keepQuality } from './quality.ts'
import { struggleAfter, struggleAfterQuiz, type StruggleChange } from './struggle.ts'
import { writeMissing } from './store-mastery.ts'

const both = (updated: MasteryOutcome, struggle: StruggleChange): MasteryOutcome => ({
  ...updated,
  write: async trx => {
    await updated.write(trx)
    await struggle.write(trx)
  },
  events: [...updated.events, ...struggle.events],
})

/**
 * Recomputes the mastery of the module of a grade or a quiz from the history, and stores it in the state store for reading and in the
 * history as the record. Tells once a day what a student struggles with, and that a success has cleared it. A question for
 * it is answered with how the student stands, and why.
 */
export default defineAgent({
  name: 'progress',
  concurrency: 4,
  answersQuestions: true,
  insteadOfAnAnswer: 'GET /api/v1/agents/progress/mastery/{student_id} shows your progress.',
  consumes: {
    'question.routed': answersAs('progress'),
    'submission.graded': async ({ id, subject, data, traceparent }, ports) => {
      const { history, bank } = ports
      await keepQuality(history.db, bank, data)
      const cause = { studentId: subject, key: [id], source: '/agents/progress', traceparent } as const
      const updated = await masteryAfter(ports, cause, data.module)
      if (updated === undefined) return {} // The student was erased meanwhile.
      const struggle = await struggleAfter(history.db, cause, data)
      return both(updated, struggle)
    },
    'quiz.answered': async ({ id, subject, data, traceparent }, ports) => {
      const cause = { studentId: subject, key: [id], source: '/agents/progress', traceparent } as const
      const updated = await masteryAfter(ports, cause, data.module)
      return updated === undefined ? {} : both(updated, await struggleAfterQuiz(ports.history.db, cause, data))
    },
  },
  catchUp: async ({ history, state }) => writeMissing(history.db, state),
})
