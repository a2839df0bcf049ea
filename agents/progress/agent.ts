import { masteryUpdated } from '../../schemas/events.ts'
import { defineAgent } from '../agent.ts'
import { answersAs } from '../answer.ts'
import { masteryOf } from './mastery.ts'
import { nowOf } from './now.ts'
import { keepQuality } from './quality.ts'
import { struggleAfter } from './struggle.ts'
import { keepInState, storeMastery, writeMissing } from './store-mastery.ts'

/**
 * Recomputes the mastery of the graded module from the history, and stores it in the state store for reading and in the
 * history as the record. Tells once a day what a student struggles with, and that a pass has cleared it. A question for
 * it is answered with how the student stands, and why.
 */
export default defineAgent({
  name: 'progress',
  concurrency: 4,
  answersQuestions: true,
  insteadOfAnAnswer: 'GET /api/v1/agents/progress/mastery/{student_id} shows your progress.',
  consumes: {
    'question.routed': answersAs('progress'),
    'submission.graded': async ({ id, subject, data, traceparent }, { history, state, bank }) => {
      await keepQuality(history.db, bank, data)
      const asOf = await nowOf(history.db)
      const mastery = await masteryOf(history.db, bank, subject, data.module, asOf)
      if (mastery === undefined) return {} // The student was erased meanwhile.
      const row = { student_id: subject, ...mastery, computed_at: asOf }
      const cause = { studentId: subject, key: [id], source: '/agents/progress', traceparent } as const
      const struggle = await struggleAfter(history.db, cause, data)
      return {
        write: async trx => {
          await storeMastery(trx, { ...row, components: JSON.stringify(mastery.components) })
          await struggle.write(trx)
        },
        events: [masteryUpdated.of(subject, mastery, cause), ...struggle.events],
        // Writes to the state store only after the commit, which only the lane's holder reaches.
        afterwards: async () => keepInState(history.db, state, row),
      }
    },
  },
  catchUp: async ({ history, state }) => writeMissing(history.db, state),
})
