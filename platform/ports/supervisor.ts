/** How a process last ended: its exit code, or the signal that ended it. */
export interface LastExit {
  code: number | null
  signal: string | null
  at: string
}

/**
 * `running`: it has a `pid`. `restarting`: it ended unexpectedly, or its watcher was killed, and it is restarted.
 * `stopped`: by request, with exit code 0, or with a code that a restart cannot help (2 a prerequisite is missing, 3
 * wrong usage: see `last_exit`). `crash_loop`: given up after more than 5 exits within a minute. `restarts` counts since `start`; `log`
 * is the file with its output.
 */
export interface ProcessState {
  name: string
  status: 'running' | 'restarting' | 'stopped' | 'crash_loop'
  pid?: number
  /** A signal (SIGSTOP) has made it stand still. */
  paused?: true
  restarts: number
  started_at?: string
  last_exit?: LastExit
  log: string
}

/**
 * A program other than this Node: `command` in `folder`, with only the environment `env`, as `owner` when this process
 * may choose.
 */
export interface OtherProgram {
  command: string
  folder: string
  env: Readonly<Record<string, string>>
  owner?: { uid: number; gid: number }
  /** The signal that asks it to stop; default SIGTERM. */
  stopSignal?: 'SIGTERM' | 'SIGINT'
  /** It exits while its dependencies are missing and is never given up: until then it is `restarting`. */
  persistent?: boolean
}

/** What a process was started with: `env` is absent for this Node, which inherits its environment. */
export interface Order {
  args: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** Starts and watches processes that outlive the command which started them. Names match `[a-z][a-z0-9-]*`. */
export interface Supervisor {
  /**
   * Runs this Node, or `other`, with `args` under `name`, unless that runs already; then it is left unchanged. Resolves
   * when it has stayed up for half a second; its readiness must be checked separately.
   * @throws DATA_FOLDER_UNUSABLE; NOT_RUNNING or INVALID_INPUT when it ended with 2 or 3; DEPENDENCY_DOWN when it does
   * not stay up.
   */
  start(name: string, args: readonly string[], other?: OtherProgram): Promise<ProcessState>
  /**
   * Asks it to drain (SIGTERM, or its own signal) and waits; kills it after `graceMs`. Does nothing when it is not
   * running.
   */
  stop(name: string, graceMs: number): Promise<'stopped' | 'unchanged'>
  status(name: string): Promise<ProcessState>
  /** What it was last started with; undefined when it never was. @throws DATA_FOLDER_UNUSABLE */
  order(name: string): Promise<Order | undefined>
  /**
   * Has everything that runs watched again after all that watched it was killed at once; the loss of a single process
   * needs nobody.
   */
  restore(): Promise<void>
}
