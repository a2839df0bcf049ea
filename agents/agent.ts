import type { Insertable } from 'kysely'
import type { EventOf, EventType, LearningEvent } from '../schemas/learning-event.ts'
import type { AgentName } from '../schemas/words.ts'
import type { History } from '../platform/ports/history.ts'
import type { Sandbox } from '../platform/ports/sandbox.ts'
import type { StateStore } from '../platform/ports/state-store.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { ExerciseBank } from '../tutor/exercise/bank.ts'

/** What an agent may use. It never publishes, commits or retries itself. */
export interface AgentPorts {
  history: Pick<History, 'db'>
  state: StateStore
  sandbox: Sandbox
  bank: ExerciseBank
}

/**
 * What came of an event. The worker stores all of it, with the lane's progress, in one transaction that only the holder of the lane's
 * newest claim can commit. `answer` closes a question's request; `handOver` leaves it open for another agent. `afterwards` runs when all
 * that is stored: it may only write what the history can restore, because a crash in between skips it.
 */
export interface Outcome {
  grades?: Insertable<Tables['grade']>[]
  mastery?: Insertable<Tables['mastery']>[]
  answer?: { request_id: string; result: unknown }
  handOver?: { request_id: string; agent: AgentName }
  events?: LearningEvent[]
  afterwards?: () => Promise<void>
}

/** `fence` grows with every claim of the lane: a holder of an older one can store nothing any more. */
export type Handler<Type extends EventType> = (event: EventOf<Type>, ports: AgentPorts) => Promise<Outcome>

export interface AgentDefinition {
  name: AgentName
  /** How many lanes (students) it works on at once. */
  concurrency: number
  consumes: { [Type in EventType]?: Handler<Type> }
}

/** An agent: a name, the event types it consumes, and a handler for each that turns an event into its outcome. */
export function defineAgent(definition: AgentDefinition): AgentDefinition {
  return definition
}

/** The request that an event is the work of, if any: submissions and questions are requests. */
export function requestOf({ type, data }: LearningEvent): string | undefined {
  if (type === 'submission.received') return data.submission_id
  return type === 'question.asked' || type === 'question.routed' ? data.request_id : undefined
}
