import { type Kysely, sql } from 'kysely'
import { masteryUpdated } from '../../schemas/events.ts'
import type { Tables } from '../../platform/history/tables.ts'
import { defineAgent } from '../agent.ts'
import { answerWith } from '../answer.ts'
import { masteryOf } from './mastery.ts'
import { keepQuality } from './quality.ts'
import { standingOf } from './standing.ts'
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
    'question.routed': async ({ subject, data: { request_id }, traceparent }, { history, bank }) => {
      const standing = await standingOf(history.db, bank, subject, await nowOf(history.db))
      return answerWith(subject, { request_id, agent: 'progress', traceparent }, standing)
    },
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

/**
 * The database's clock rounded up to the ms, so that no grade of this moment is left out, whatever this machine's clock
 * shows.
 */
async function nowOf(db: Kysely<Tables>): Promise<Date> {
  const { rows } = await sql<{
    ms: number | string
  }>`select ceil(extract(epoch from clock_timestamp()) * 1000) as ms`.execute(db)
  return new Date(Number(rows[0]?.ms))
}
