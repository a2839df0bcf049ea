/**
 * An agent of the running platform. It is scaled by its `unit`: lanes (students it works for at once) where the platform is one process, else
 * processes. `size`: how many it has, or gets when it is started; `usual`: when nobody scales it; `up`: processes of it that run;
 * `busy`: items in hand, where this process can tell.
 */
export interface AgentState {
  name: string
  running: boolean
  unit: 'lanes' | 'processes'
  size: number
  defaultSize: number
  up: number
  busy?: number
}

/**
 * The agents of this platform, for its operators. What is set here outlives a restart of the platform. What changes an agent resolves when
 * the agent works again: its members hold every partition.
 * A stopped agent is absent: its events wait in the log until it is started again.
 * @throws AGENT_ABSENT from every method with a `name` that is not built here; CHECK_FAILED when it does not come to work.
 */
export interface AgentControl {
  list(): Promise<AgentState[]>
  /** Also starts the processes of it that do not run. */
  start(name: string): Promise<'started' | 'unchanged'>
  /** Drains: what is in hand is finished. */
  stop(name: string): Promise<'stopped' | 'unchanged'>
  /** Drains and starts again, one process after another; one that is stopped stays so. Where the API has processes of its own, `api` names them. */
  restart(name: string): Promise<'restarted' | 'unchanged'>
  /** `size` in its unit: lanes 1-256, processes 1-12; without it the usual one. */
  scale(name: string, size?: number): Promise<'scaled' | 'unchanged'>
  /** What ran before the last start, stop or scale, once. */
  former(name: string): Promise<{ running: boolean; size: number } | undefined>
  rollback(name: string): Promise<'rolled back' | 'unchanged'>
}
