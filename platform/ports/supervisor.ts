/** `restarts` counts since `start`; `crash_loop` when it gave up: more than 5 exits within a minute. */
export interface ProcessState {
  name: string
  status: 'running' | 'stopped' | 'crash_loop'
  pid?: number
  restarts: number
  started_at?: string
}

/** Starts and watches processes that outlive the command which started them. */
export interface Supervisor {
  /** Starts `name` unless it runs. @throws PORT_IN_USE, DATA_FOLDER_UNUSABLE, DEPENDENCY_DOWN when it does not stay up. */
  start(name: string, args: readonly string[]): Promise<ProcessState>
  /** Asks it to drain and waits; kills it after `graceMs`. Fine when it is not running. */
  stop(name: string, graceMs: number): Promise<'stopped' | 'unchanged'>
  status(name: string): Promise<ProcessState>
}
