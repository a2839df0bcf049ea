import type { Transaction } from 'kysely'
import type { EventOf, EventType, LearningEvent } from '../schemas/learning-event.ts'
import type { AgentName } from '../schemas/words.ts'
import type { History } from '../platform/ports/history.ts'
import type { Sandbox } from '../platform/ports/sandbox.ts'
import type { StateStore } from '../platform/ports/state-store.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { ExerciseBank } from '../tutor/exercise/bank.ts'
import type { Brief } from '../tutor/wording/brief.ts'

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
 * What an agent's handler returns for one event. The worker stores all of it, with the lane's progress, in one
 * transaction that only the holder of the lane's newest claim can commit. `write` stores the agent's own rows in that
 * transaction, after the fence was checked. `answer` closes a request; `handOver` leaves it open for another agent.
 * `wording` lets a model put the text of `answer` in other words before it is stored.
 * `afterwards` runs after the commit: it may only write what the history can restore, because a crash in between skips
 * it; `catchUp` of the agent does it then.
 */
export interface Outcome {
  write?: (trx: Transaction<Tables>) => Promise<void>
  answer?: { request_id: string; result: unknown }
  wording?: Omit<Brief, 'facts' | 'message' | 'code'>
  handOver?: { request_id: string; agent: AgentName }
  events?: LearningEvent[]
  afterwards?: () => Promise<void>
}

/** `fence` grows with every claim of the lane: the holder of an older one can no longer store anything. */
export type Handler<Type extends EventType> = (event: EventOf<Type>, ports: AgentPorts) => Promise<Outcome>

export interface AgentDefinition {
  name: AgentName
  /** The maximum of lanes (students) that it works on at once. */
  concurrency: number
  consumes: { [Type in EventType]?: Handler<Type> }
  /** Does what `afterwards` could not; returns how much that was. It may run at any time and in several processes. */
  catchUp?: (ports: Pick<AgentPorts, 'history' | 'state'>) => Promise<number>
  /** Whether questions can be routed to it; then it consumes `question.routed`. */
  answersQuestions?: boolean
  /**
   * One or two sentences: what a student can do instead, when the question is for this agent and it does not answer
   * questions or does not run.
   */
  insteadOfAnAnswer?: string
  /** What other processes may call by invocation: method name to a pure function of the argument. */
  methods?: Readonly<Record<string, (argument: unknown) => unknown>>
}

/**
 * An agent: a name, the event types it consumes, and a handler for each that turns an event into its outcome.
 * @throws when `answersQuestions` is set without consuming `question.routed`, or the other way round.
 */
export function defineAgent(definition: AgentDefinition): AgentDefinition {
  const { name, answersQuestions = false, consumes } = definition
  if (answersQuestions !== (consumes['question.routed'] !== undefined))
    throw new Error(`the agent ${name} answers questions when it consumes question.routed, and only then`)
  return definition
}

/** Whether an event is work for this agent: of a type it consumes, and a question only when it was routed to it. */
export function isFor({ name, consumes }: AgentDefinition, { type, data }: LearningEvent): boolean {
  return consumes[type] !== undefined && (type !== 'question.routed' || data.agent === name)
}
