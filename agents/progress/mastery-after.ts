import type { Transaction } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import { type LearningEvent } from '../../schemas/learning-event.ts'
import { masteryUpdated } from '../../schemas/events.ts'
import type { Module } from '../../schemas/words.ts'
import type { AgentPorts } from '../agent.ts'
import { masteryOf } from './mastery.ts'
import { nowOf } from './now.ts'
import { keepInState, storeMastery } from './store-mastery.ts'

/** What the event of a new mastery is made of: whose it is and which event caused it. */
interface Cause {
  studentId: string
  key: readonly string[]
  source: '/agents/progress'
  traceparent: string | undefined
}

/** A part of an outcome: the new mastery stored, told, and after the commit written to the state store. */
export interface MasteryOutcome {
  write: (trx: Transaction<Tables>) => Promise<void>
  events: LearningEvent[]
  afterwards: () => Promise<void>
}

/** The mastery of a module as the history shows it now; undefined when the student was erased meanwhile. */
export async function masteryAfter(
  { history, state, bank }: Pick<AgentPorts, 'history' | 'state' | 'bank'>,
  cause: Cause,
  module: Module,
): Promise<MasteryOutcome | undefined> {
  const asOf = await nowOf(history.db)
  const mastery = await masteryOf(history.db, bank, cause.studentId, module, asOf)
  if (mastery === undefined) return undefined
  const row = { student_id: cause.studentId, ...mastery, computed_at: asOf }
  return {
    write: async trx => storeMastery(trx, { ...row, components: JSON.stringify(mastery.components) }),
    events: [masteryUpdated.of(cause.studentId, mastery, cause)],
    // Writes to the state store only after the commit, which only the lane's holder reaches.
    afterwards: async () => keepInState(history.db, state, row),
  }
}
