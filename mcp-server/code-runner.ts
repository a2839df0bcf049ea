import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { PlatformError } from '../platform/errors.ts'
import type { ScriptResult } from '../skills/definition.ts'
import type { Failure, FromProgram, ToProgram, Work } from './code-runner-messages.ts'
import { counted } from '../schemas/counted.ts'

const defaultComputeMs = 5_000
/** A program's memory, and how many operations it may call. */
const limits = { bytes: 64 * 2 ** 20, stackBytes: 128 * 2 ** 10, calls: 50 }
/** Memory of the thread besides the interpreter's; it also holds the program's input and output. */
const threadMegabytes = 256

export interface CodeProgram {
  code: string
  /** Runs an operation; `data` is what the program gets. */
  call(tool: 'read' | 'change', op: string, args: unknown): Promise<ScriptResult>
  signal: AbortSignal
  /** Compute time, 5 s by default; time spent waiting for operations does not count. */
  computeMs?: number
}

/**
 * Runs the body of an async JavaScript function in QuickJS, in a separate thread (`code-runner-worker.ts`).
 * @throws INVALID_INPUT when the program fails or exceeds a limit; the error of an operation when the program did not
 * catch it.
 */
export async function runProgram({
  code,
  call,
  signal,
  computeMs = defaultComputeMs,
}: CodeProgram): Promise<ScriptResult> {
  const end = Promise.withResolvers<unknown>()
  const clock = new ComputeClock(computeMs, () =>
    end.reject(refused(`the program computed for more than ${computeMs / 1_000} s`, 'Do less in one program.')),
  )
  const counts = { made: 0, changed: 0, answered: 0 }
  const changes: string[] = []
  const worker = new Worker(join(import.meta.dirname, `code-runner-worker${extname(import.meta.filename)}`), {
    workerData: { ...limits, code } satisfies Work,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: threadMegabytes },
  })
  const answer = async ({ id, tool, op, args }: Extract<FromProgram, { is: 'calls' }>): Promise<void> => {
    counts.made += 1
    const result = await call(tool, op, args)
      .then(({ data, changed, failure }) => {
        counts.changed += changed
        if (changed > 0) changes.push(op)
        const text = JSON.stringify(data) ?? 'null'
        return failure === undefined ? { text } : { failure: { ...failure, data: text } }
      })
      .catch((error: unknown) => ({ failure: failureOf(error) }))
    counts.answered += 1
    clock.start()
    worker.postMessage({ id, ...result } satisfies ToProgram)
  }
  worker.on('message', (message: FromProgram) => {
    if (message.is === 'begins') clock.start()
    else if (message.is === 'calls') void answer(message)
    else if (message.is === 'done') end.resolve(message.text === undefined ? null : JSON.parse(message.text))
    else if (message.is === 'failed') end.reject(errorOf(message.failure))
    // Stops only when the program has received every answer so far.
    else if (message.answers === counts.answered) clock.stop()
  })
  worker.on('error', error => end.reject(brokenBy(error)))
  const stop = (): void => end.reject(refused('the program was stopped', 'Run it again.'))
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) stop()
    const data = await end.promise.catch((error: unknown) => {
      throw changes.length > 0 && error instanceof PlatformError ? afterChanges(error, changes) : error
    })
    const changed = counts.changed === 0 ? '' : `, ${counts.changed} changed`
    return {
      summary: `program ended, ${counted(counts.made, 'call')}${changed}`,
      data,
      changed: counts.changed,
      plan: [],
    }
  } finally {
    clock[Symbol.dispose]()
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

/** Measures time while it runs, and calls `over` once when all of it is used up, unless it is disposed before. */
class ComputeClock implements Disposable {
  private readonly over: () => void
  private left: number
  private disposed = false
  private running: { since: number; timer: NodeJS.Timeout } | undefined

  constructor(ms: number, over: () => void) {
    this.left = ms
    this.over = over
  }

  start(): void {
    if (this.disposed) return
    this.running ??= { since: performance.now(), timer: setTimeout(this.over, Math.max(0, this.left)) }
  }

  stop(): void {
    if (this.running === undefined) return
    clearTimeout(this.running.timer)
    this.left -= performance.now() - this.running.since
    this.running = undefined
  }

  [Symbol.dispose](): void {
    this.stop()
    this.disposed = true
  }
}

const refused = (message: string, hint: string, cause?: unknown): PlatformError =>
  new PlatformError('INVALID_INPUT', message, { hint, cause })

/** An operation's error in the form for the program. */
const failureOf = (error: unknown): Failure =>
  error instanceof PlatformError
    ? { message: error.message, code: error.code, hint: error.hint }
    : {
        message: error instanceof Error ? error.message : String(error),
        code: 'INTERNAL',
        hint: 'This is a fault of ours.',
      }

/** The program's error in the form for its caller. */
const errorOf = ({ message, code, hint = '' }: Failure): PlatformError =>
  new PlatformError(code ?? 'INVALID_INPUT', message, { hint })

/** Nothing that a program changed is taken back when it fails, so its caller is told. */
const afterChanges = ({ code, message, hint, cause }: PlatformError, changes: readonly string[]): PlatformError =>
  new PlatformError(code, `changed already: ${changes.join(', ')}; then ${message}`, { hint, cause })

/** The thread itself ended. A deep recursion may fill the host's stack before the program's. */
function brokenBy(error: unknown): PlatformError {
  if (error instanceof RangeError) return refused('the program recursed too deeply', 'Use a loop.', error)
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return refused('the program took in or gave back more than there is room for', 'Hold less at a time.', error)
  return refused(
    `the program broke its interpreter: ${error instanceof Error ? error.message : String(error)}`,
    'Hold less at a time.',
    error,
  )
}
