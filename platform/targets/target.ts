import type { Config } from '../config.ts'
import type { FoundEngine } from '../engines/find.ts'
import type { Ports } from '../open.ts'
import type { RunningPlatform } from '../owner/data-folder.ts'
import type { AgentControl } from '../ports/agent-control.ts'
import type { History } from '../ports/history.ts'
import type { ProcessState } from '../ports/supervisor.ts'
import type { Found } from './running.ts'
import type { Trouble } from './trouble.ts'

/** What a command gives to a target that it works on. */
export interface TargetContext {
  config: Config
  /** The file of the `learnflow` command, which starts the platform's own processes. */
  entry: string
  /** When set, nothing is changed: only the plan is made. */
  dryRun: boolean
  progress(line: string): void
  signal: AbortSignal
}

export interface UpOptions {
  /** Where the API listens: 0 takes a free port, undefined keeps the present one or takes that of the settings. */
  port: number | undefined
  waitSeconds: number
}

/** What `up` did, or in a dry run would do: one line of the plan for each thing that it starts. */
export interface Up {
  /** The platform at the end; undefined in a dry run. */
  found: Found | undefined
  /** The number of processes started. */
  started: number
  plan: readonly string[]
}

/** The state of a platform that is ready. `restarts`: how often its processes were started again. */
export interface Ready {
  found: Found
  restarts: number
  /** Its processes; empty when it is one process. */
  processes: readonly ProcessState[]
}

/** What is wrong with the processes of a platform, the worst first. */
export interface ProcessTroubles {
  findings: readonly Trouble[]
  /** The number of processes that run. */
  up: number
  /** Whether enough of them run for the platform to be asked about itself. */
  usable: boolean
}

/** The log of one process. */
export interface ProcessLog {
  /** The name of the process. */
  process: string
  /** Where it is, for people. */
  where: string
  /** The lines from position `from` on, at most the last megabyte, the position after them, and the bytes left out. */
  read(from?: number): Promise<{ lines: string[]; end: number; skipped: number }>
}

/** The ports of a platform, for scripts; `agents` only while it runs. */
export type TargetPorts = Pick<Ports, 'log' | 'state' | 'history' | 'sandbox'> & { agents: AgentControl }

/** A piece of work on the ports of a platform. */
export interface PortsRequest {
  /** The name and the unparsed input, for a target whose ports are in another process: it does the work there. */
  op: string
  args: unknown
  traceparent?: string | undefined
  /** Whether it only reads; it then makes nothing. */
  reads: boolean
  /** What it needs beside the stores. `platform`: that one runs. */
  needs: readonly ('sandbox' | 'agents' | 'platform')[]
}

/** Runs checks against a platform: how many passed, and a line for each. */
export interface Verifier {
  /**
   * Waits for the verdict of a first program; with `mastery` also until it has moved the student's mastery.
   * @throws CHECK_FAILED when there is none in time.
   */
  firstGrade(mastery: boolean): Promise<void>
  /** Runs the checks of these names. @throws CHECK_FAILED when one fails; slow ones are told in the answer. */
  checks(names: readonly string[]): Promise<string>
}

/**
 * Where a platform runs: how it is started, stopped and looked at. Every difference between the targets is behind this
 * interface. A target is a folder beside this file and a line in `all.ts`.
 */
export interface Target {
  readonly name: string
  /** Whether one process is the whole platform and owns its data folder; otherwise each process has a port and a log. */
  readonly oneProcess: boolean
  /** Starts what does not run and waits until it is ready. @throws the failure that a process of it reported */
  up(context: TargetContext, options: UpOptions): Promise<Up>
  /** What keeps it from starting on this folder, seen before anything is started. */
  obstacles(folder: string): Promise<Trouble[]>
  /**
   * Stops everything but the processes of the names in `spared` after finishing work in hand, for at most `graceMs`.
   * Returns what was stopped, in a dry run what would be.
   * @throws DEPENDENCY_DOWN when it does not end.
   */
  down(context: TargetContext, graceMs: number, spared?: readonly string[]): Promise<string[]>
  /** @throws NOT_RUNNING, CHECK_FAILED, DEPENDENCY_DOWN naming why it is not ready. */
  status(folder: string): Promise<Ready>
  /** The platform that this record describes, with its health; undefined when it does not run. */
  find(folder: string, running: RunningPlatform): Promise<Found | undefined>
  /** The state of every process that `up` started. */
  processes(folder: string): Promise<ProcessState[]>
  /** The logs that exist, the most telling first. */
  logs(folder: string): Promise<ProcessLog[]>
  troubles(folder: string): Promise<ProcessTroubles>
  /** Why nothing answers on the folder, given the number of processes that run. */
  whyDown(folder: string, up: number): Promise<Trouble>
  /**
   * Does work with the ports of the platform, where they are: with `work` in this process, or by name in the process
   * that owns them.
   * @throws NOT_RUNNING when it needs a platform and none runs.
   */
  ports(context: TargetContext, request: PortsRequest, work: PortsWork): Promise<unknown>
  /**
   * Makes the database in `database` that of the folder, with the present one put aside, and the one that was put aside
   * last. Only a target whose database is a folder of its own has these.
   */
  adopts?: {
    swap(folder: string, database: string): Promise<string | undefined>
    /** The database of a data folder, and the one that was put aside there last. */
    of(folder: string): string
    lastAside(folder: string): Promise<string | undefined>
    isAside(folder: string, path: string): boolean
  }
  /** The history of a folder, made when there is none, for work while no platform runs on it. */
  history(config: Config): Promise<History>
  /** The settings with which a process connects to what the folder's platform consists of. */
  settings(config: Config): Promise<Config>
  /** The programs that it needs on this machine, found or not. */
  engines(): Promise<FoundEngine[]>
  /** Whether a file or folder of this name in the data folder is the platform's own. */
  owns(name: string): boolean
  /** Proves that a platform that has just been started works; returns what was measured, '' for nothing. */
  smokeTest(context: TargetContext, verifier: Verifier): Promise<string>
}

export type PortsWork = (ports: Partial<TargetPorts>) => Promise<unknown>
