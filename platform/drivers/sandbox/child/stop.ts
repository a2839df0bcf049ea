import vm from 'node:vm'

/**
 * Thrown through the interpreter's frames to end a run: Python cannot catch it, and the memory is restored afterwards.
 */
export class Stop extends Error {
  readonly why: 'timed_out' | 'output_limit' | 'exited' | 'aborted' | 'refused'
  readonly line: number | undefined
  readonly code: number | undefined
  constructor(
    why: Stop['why'],
    { line, code, message = why }: { line?: number | undefined; code?: number; message?: string } = {},
  ) {
    super(message)
    this.why = why
    this.line = line
    this.code = code
  }
}

// The script timeout is the only one in V8 that can interrupt WebAssembly inside a loop of C code and keep the process
// alive.
const key = Symbol.for('learnflow.task')
const script = new vm.Script(`globalThis[Symbol.for('learnflow.task')]()`)
// Stored before the host is hardened.
const run = script.runInThisContext.bind(script)

/**
 * Runs `task` for at most `ms`, whatever it does.
 * @throws Stop `timed_out` with the line that `where` returns, or what `task` throws.
 */
export function runWithin<T>(ms: number, task: () => T, where: () => number | undefined): T {
  const done: { value?: T } = {}
  Object.defineProperty(globalThis, key, { value: () => void (done.value = task()), configurable: true })
  try {
    run({ timeout: Math.max(1, Math.ceil(ms)) })
    return done.value as T
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new Stop('timed_out', { line: where() })
    throw error
  }
}
