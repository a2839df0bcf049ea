import type { AgentName } from '../../schemas/words.ts'

/** An agent of the running platform. `lanes`: how many students it works for at once; `usual_lanes`: what it has when nobody scales it; `busy`: items in hand. */
export interface AgentState {
  name: AgentName
  running: boolean
  lanes: number
  usual_lanes: number
  busy: number
}

/**
 * The agents inside this platform, for its operators. What is set here outlives a restart of the platform.
 * A stopped agent is absent: questions for it are answered with AGENT_ABSENT, and its events wait in the log until it is started again.
 * @throws AGENT_ABSENT from every method with a `name` that is not built here.
 */
export interface Agents {
  list(): AgentState[]
  start(name: string): Promise<'started' | 'unchanged'>
  /** Drains: what is in hand is finished. */
  stop(name: string): Promise<'stopped' | 'unchanged'>
  /** Drains and starts again; one that is stopped stays so. */
  restart(name: string): Promise<'restarted' | 'unchanged'>
  /** `lanes` 1-256; without it the usual ones. */
  scale(name: string, lanes?: number): Promise<'scaled' | 'unchanged'>
}
