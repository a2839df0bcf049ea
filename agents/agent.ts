import type { Transaction } from 'kysely'
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
  agents: AgentDirectory
}

/** The agents that are built, and which of them run now. */
export interface AgentDirectory {
  /** Undefined for an agent that is not built. */
  find(name: AgentName): AgentDefinition | undefined
  runs(name: AgentName): boolean
}

/**
 * What came of an event. The worker stores all of it, with the lane's progress, in one transaction that only the holder of the lane's
 * newest claim can commit. `write` stores the agent's own rows in that transaction, with the fence proven before. `answer` closes a request;
 * `handOver` leaves it open for another agent. `afterwards` runs when all that is stored: it may only write what the history can restore,
 * because a crash in between skips it.
 */
export interface Outcome {
  write?: (trx: Transaction<Tables>) => Promise<void>
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
  /** Questions can be put to it: it consumes `question.routed`. */
  answersQuestions?: boolean
  /** What a student can do whose question is for this agent when it answers none or does not run: a sentence or two. */
  insteadOfAnAnswer?: string
  /** What other processes may ask it by invocation: method name to a pure function of the argument. */
  methods?: Readonly<Record<string, (argument: unknown) => unknown>>
}

/**
 * An agent: a name, the event types it consumes, and a handler for each that turns an event into its outcome.
 * @throws when it says that it answers questions and does not consume them, or the other way round.
 */
export function defineAgent(definition: AgentDefinition): AgentDefinition {
  const { name, answersQuestions = false, consumes } = definition
  if (answersQuestions !== (consumes['question.routed'] !== undefined))
    throw new Error(`the agent ${name} answers questions when it consumes question.routed, and only then`)
  return definition
}

/** Whether an event is work of this agent: of a type it consumes, and a question only when it was routed to it. */
export function isFor({ name, consumes }: AgentDefinition, { type, data }: LearningEvent): boolean {
  return consumes[type] !== undefined && (type !== 'question.routed' || data.agent === name)
}

/** The request that an event is the work of, if any: submissions and questions are requests. */
export function requestOf({ type, data }: LearningEvent): string | undefined {
  if (type === 'submission.received') return data.submission_id
  return type === 'question.asked' || type === 'question.routed' ? data.request_id : undefined
}
