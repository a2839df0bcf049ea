import type { Ending } from '../../schemas/words.ts'
import type { PythonValue } from './python-value.ts'

export type { Ending }

/** One doing of the program under test: an expression to evaluate, or (without `call`) the whole program with this input. */
export interface Call {
  call?: string
  stdin?: string
  /** Text files placed in the working directory before, which is empty otherwise: a trial with files, even none, sees those of no other. */
  files?: Readonly<Record<string, string>>
  /** Files to read back after; absent ones come back as null. */
  reads?: readonly string[]
}

/**
 * One program. Without `trials` it runs once as `__main__`. With them each trial runs `prelude` and the program in a fresh
 * namespace: under `__main__` when the trial has no `call`, else under `submission`, then evaluates `call`.
 * `seconds` 0.1-30 of wall time for all of it, from the start of the run, not the queue (default 5);
 * `megabytes` 32-512 of interpreter heap, of which an empty interpreter uses 30 (default 50).
 */
export interface PythonRun {
  code: string
  prelude?: string
  stdin?: string
  files?: Readonly<Record<string, string>>
  calls?: readonly Call[]
  seconds?: number
  megabytes?: number
  /** `trusted` code (references, expected values) never shares an interpreter process with students' programs. */
  trusted?: boolean
  /**
   * The names that are the program's to define. A call that speaks of another one means the prelude's or Python's, also where the program has
   * taken it for itself (`child/names.ts` says when not). Without `definedNames` it means whatever stands there.
   */
  definedNames?: readonly string[]
  /** Every trial gets an interpreter as new. */
  isolated?: boolean
  /** Whose turn it is: runs of different owners are taken in turn. */
  owner?: string
}

/** `line` counts in the student's program (1-based), `mro` names the exception's classes, most derived first; a built-in's name stands only for the built-in. */
export interface PythonError {
  type: string
  message: string
  line?: number
  column?: number
  mro: readonly string[]
  traceback: string
}

/** `value` is there when a `call` ended `ok`; output keeps its first 64 kB and says `truncated`. */
export interface CallResult {
  ended: Ending
  stdout: string
  truncated?: true
  /** The call is no expression: that is no matter of the program. */
  invalidCall?: true
  value?: PythonValue
  files?: Record<string, string | null>
  error?: PythonError
}

/**
 * Every field but `error` is always set. Output keeps its first 64 kB and says `truncated`; past 1 MB the run ends with `output_limit`.
 * `trials` stops at the one that ended the run (time, memory, output). Shape after execa's result: flags, never message text.
 */
export interface PythonResult {
  ended: Ending
  stdout: string
  stderr: string
  truncated: boolean
  duration_ms: number
  /** Most linear memory in use, the interpreter's own included; null when its process had to be killed. */
  peak_megabytes: number | null
  calls: CallResult[]
  error?: PythonError
}

export interface SandboxHealth {
  /** What really isolates a program, joined by `+`. */
  layers: string
  processes: number
  busy: number
  queued: number
}

export interface Sandbox extends AsyncDisposable {
  /**
   * Runs one program in a fresh interpreter without network, host files or environment.
   * A program that fails, loops or floods is a result, not an error.
   * @throws SANDBOX_CRASHED when the interpreter died twice for no fault that can be told; DEPENDENCY_DOWN when none can be started.
   */
  run(job: PythonRun): Promise<PythonResult>
  health(): SandboxHealth
}
