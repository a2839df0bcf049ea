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

// An interrupted script is the only thing in V8 that ends WebAssembly inside a loop of C code and keeps the process
// alive.
const key = Symbol.for('learnflow.task')
const script = new vm.Script(`globalThis[Symbol.for('learnflow.task')]()`)
// Stored before the host is hardened.
const run = script.runInThisContext.bind(script)

/** Runs `task` until the process gets SIGINT. @returns what it returned, or that it was interrupted */
export function runUntilInterrupted<T>(task: () => T): { value: T } | 'interrupted' {
  const done: { value?: T } = {}
  Object.defineProperty(globalThis, key, { value: () => void (done.value = task()), configurable: true })
  try {
    run({ breakOnSigint: true })
    return { value: done.value as T }
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return 'interrupted'
    throw error
  }
}
