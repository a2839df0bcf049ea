/**
 * An agent of the running platform. Its `unit` of scaling is lanes (students it works for at once) where the platform
 * is one process, else processes. `size`: the current number, or the number at the next start; `up`: its running
 * processes; `busy`: items in progress, where this process knows them.
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
 * Control of this platform's agents, for operators. Settings made here outlive a restart of the platform. A change
 * resolves when the agent works again, that is when its members hold every partition. A stopped agent is absent: its
 * events wait in the log until it is started again. Changes are made one after the other: one waits for another.
 * @throws AGENT_ABSENT from every method with a `name` that is not built here; CHECK_FAILED when the agent does not get
 * to work; DATA_FOLDER_IN_USE when the change of another process does not end.
 */
export interface AgentControl {
  list(): Promise<AgentState[]>
  /** Also starts those of its processes that do not run. */
  start(name: string): Promise<'started' | 'unchanged'>
  /** Drains first: items in progress are finished. */
  stop(name: string): Promise<'stopped' | 'unchanged'>
  /**
   * Drains and starts again, one process after another; a stopped agent stays stopped. Where the API has its own
   * processes, `api` names them.
   */
  restart(name: string): Promise<'restarted' | 'unchanged'>
  /**
   * `size` in its unit: lanes 1-256, processes 1-12; the default without it.
   * @throws INVALID_INPUT for another size; then nothing is changed.
   */
  scale(name: string, size?: number): Promise<'scaled' | 'unchanged'>
  /** The state before the last start, stop or scale; only the last change is kept. */
  former(name: string): Promise<{ running: boolean; size: number } | undefined>
  rollback(name: string): Promise<'rolled back' | 'unchanged'>
}
