import type { Ending } from '../../schemas/words.ts'
import type { PythonValue } from './python-value.ts'

export type { Ending }

/**
 * One step of a test: statements, or an expression whose value is read; with `by`, the value of `by` instead, in which
 * `result` is the value of `call`.
 */
export interface Step {
  do?: string
  call?: string
  by?: string
}

/**
 * One execution of the program under test: an expression to evaluate, or steps, or (with neither) the whole program
 * with this input.
 */
export interface Call {
  call?: string
  /**
   * Executed one after another in a namespace of the test's own, which has the names of the program; after a step that
   * raises the next one follows.
   */
  steps?: readonly Step[]
  /** Statements around the steps, in the same namespace; the test ends with the first of `before` that raises. */
  before?: readonly string[]
  after?: readonly string[]
  stdin?: string
  /**
   * Text files placed in the working directory before, which is empty otherwise: a trial with files, even an empty set,
   * does not see those of another.
   */
  files?: Readonly<Record<string, string>>
  /** Files to read back afterwards; absent ones come back as null. */
  reads?: readonly string[]
}

/**
 * One program. Without `trials` it runs once as `__main__`. With them each trial runs `prelude` and the program in a
 * fresh namespace: under `__main__` when the trial has no `call`, else under `submission`, then evaluates `call`. A
 * program that takes long to load is loaded once for all of them, and each starts from a copy of the memory right after.
 * With a `call`, a program that leaves (`exit()`) while it loads has loaded, if it has defined any of `definedNames`.
 * `seconds` 0.1-30 of processor time to load the program and again for each trial (default 5), so that neither a busy
 * machine nor the number of trials changes what becomes of it; sleeping takes none of it, but moves the program's clock.
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
   * `trusted` code that an author wrote, not we: it has an interpreter of its own, so that a slow reference delays only
   * those who wait for its results.
   */
  authored?: boolean
  /**
   * The names that the program has to define. Any other name in a call means the prelude's or Python's, even if the
   * program has redefined it (`child/names.ts` has the exceptions). Without `definedNames` a name has whatever meaning
   * the program gave it.
   */
  definedNames?: readonly string[]
  /** The name under which a test with steps can import the program (default `submission`). */
  moduleName?: string
  share?: Share
  /** The key of fair queueing: runs of different owners take turns. */
  owner?: string
  /**
   * What for: `grading` (default) goes before `free` runs, of which one owner may have a few open; `authoring`, the
   * proof of an exercise, has interpreters of its own.
   */
  purpose?: 'grading' | 'free' | 'authoring'
  /** The seconds that it may wait for an interpreter; without end by default. */
  maxWaitSeconds?: number
  /** Aborted when nobody waits for the result any more: the run is dropped, or its process ended. */
  signal?: AbortSignal
}

/**
 * What the trials of a run share: `nothing`, each gets a fresh interpreter; the `interpreter`, each runs the program
 * in a fresh namespace, except that one with files gets a fresh interpreter; the `namespace`, the program is loaded
 * once and every trial finds what those before it have left. By default calls share the interpreter and whole programs
 * share nothing.
 */
export type Share = 'nothing' | 'interpreter' | 'namespace'

/**
 * `line` counts in the student's program (1-based), `mro` lists the exception's classes, most derived first; a
 * built-in's name only ever means the built-in.
 */
export interface PythonError {
  type: string
  message: string
  line?: number
  column?: number
  mro: readonly string[]
  traceback: string
  /** The first argument of the exception, where it is a text other than `message`. */
  argument?: string
}

/** What one step did, and what it printed. */
export interface StepResult {
  ended: 'ok' | 'raised'
  stdout: string
  value?: PythonValue
  error?: PythonError
}

/** `value` is set when a `call` ended `ok`; output keeps its first 64 kB and sets `truncated`. */
export interface CallResult {
  ended: Ending
  stdout: string
  truncated?: true
  /** The call is not an expression, which is no fault of the program. */
  invalidCall?: true
  value?: PythonValue
  /** One for each of the call's steps. */
  steps?: StepResult[]
  files?: Record<string, string | null>
  error?: PythonError
  /**
   * Errors of loading that were overlooked: the import of a package that is not here, as long as it is not used, and
   * with a `call` a read of input that is not given, after any of `definedNames`.
   */
  overlooked?: readonly PythonError[]
}

/**
 * Every field but `error` is always set. Output keeps its first 64 kB and sets `truncated`; past 1 MB the run ends with
 * `output_limit`. `trials` stops at the one that ended the run (time, memory, output). Callers test flags as in execa's
 * result, never message text.
 */
export interface PythonResult {
  ended: Ending
  stdout: string
  stderr: string
  truncated: boolean
  duration_ms: number
  /** The maximum of linear memory in use, including the interpreter's own; null when its process had to be killed. */
  peak_megabytes: number | null
  calls: CallResult[]
  error?: PythonError
}

export interface SandboxHealth {
  /** The isolation layers that are really active, joined by `+`. */
  layers: string
  processes: number
  busy: number
  queued: number
  /** Processes given up since the start because they died or could not be proven to be as new. */
  replaced: number
}

export interface Sandbox extends AsyncDisposable {
  /**
   * Runs one program in a fresh interpreter without network, host files or environment, in which nothing is left of the
   * programs before. A program that fails, loops or floods is a result, not an error.
   * @throws SANDBOX_CRASHED when the interpreter died twice without a known cause; DEPENDENCY_DOWN when none can be
   * started; TOO_MANY_REQUESTS for a free run while too many wait, of all or of its owner, and for one that has waited
   * for `maxWaitSeconds`; the reason of `signal`.
   */
  run(job: PythonRun): Promise<PythonResult>
  health(): SandboxHealth
}
