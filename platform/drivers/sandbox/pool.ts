import { PlatformError } from '../../errors.ts'
import type { PythonResult, PythonRun } from '../../ports/sandbox.ts'
import { Crashed, type InterpreterProcess, startInterpreter } from './interpreter-process.ts'
import { freeRunDoor, type QueuedRun, type RunQueue, runQueue, waitIn } from './run-queue.ts'

export interface PoolOptions {
  processes: number
  megabytes: number
  /** The free runs that may wait before TOO_MANY_REQUESTS; graded work is never refused. */
  queueLimit: number
  /** The free runs that one owner may have open, waiting or running. */
  runsPerOwner?: number | undefined
  /** Closes the processes after this long without a run; undefined keeps them warm. */
  idleMs?: number
  /** Called for each process that is given up before its time. */
  onReplaced?: ((reason: string) => void) | undefined
}

/** Warm interpreter processes of one size and the queue in front of them. */
export interface Pool extends AsyncDisposable {
  run(job: PythonRun): Promise<PythonResult>
  figures(): { processes: number; busy: number; queued: number; replaced: number; layers: string | undefined }
}

const wasClosed = (): PlatformError =>
  new PlatformError('SANDBOX_CRASHED', 'the sandbox was closed', { hint: 'Submit it again.' })
const diedTwice = (cause: Crashed): PlatformError =>
  new PlatformError('SANDBOX_CRASHED', `the interpreter died twice over a program: ${cause.message.slice(0, 300)}`, {
    hint: 'It is tried again later; learnflow doctor looks at the sandbox.',
    cause,
  })

const rejectAll = (queue: RunQueue, error: Error): void => queue.drain().forEach(({ reject }) => reject(error))

/** Runs a job, and ends its process when nobody waits for the result any more. @throws Crashed, the signal's reason */
async function runWhileWanted(
  process: InterpreterProcess,
  job: PythonRun,
): Promise<{ result: PythonResult; retire: boolean }> {
  const stop = (): void => void process.kill()
  job.signal?.addEventListener('abort', stop)
  try {
    return await process.run(job)
  } catch (error) {
    job.signal?.throwIfAborted()
    throw error
  } finally {
    job.signal?.removeEventListener('abort', stop)
  }
}

export function openPool(options: PoolOptions): Pool {
  const { processes, megabytes, queueLimit, runsPerOwner = Number.POSITIVE_INFINITY, idleMs, onReplaced } = options
  // Free runs leave one process to graded work, where there is another.
  const queue = runQueue(Math.max(1, processes - 1))
  const doorOf = freeRunDoor(queue, queueLimit, runsPerOwner)
  const idle: InterpreterProcess[] = []
  const all = new Set<InterpreterProcess>()
  const starting = new Set<Promise<void>>()
  let layers: string | undefined
  let closed = false
  let rest: NodeJS.Timeout | undefined
  let replaced = 0

  const tell = (reason: string): void => ((replaced += 1), onReplaced?.(reason))
  /** Gives work to idle processes, and starts processes while there are fewer than wanted. */
  const advance = (): void => {
    if (closed) return
    while (idle.length > 0) {
      const next = queue.take()
      if (next === undefined) break
      const process = idle.pop()
      if (process !== undefined) void work(process, next)
    }
    if (idleMs === undefined || queue.size() > 0) while (all.size + starting.size < processes) start()
    clearTimeout(rest)
    if (idleMs !== undefined && queue.size() === 0)
      rest = setTimeout(() => idle.splice(0).forEach(process => void discard(process)), idleMs).unref()
  }
  const start = (): void => {
    const work = startOne().finally(() => {
      starting.delete(work)
      if (idle.length > 0) advance()
    })
    starting.add(work)
  }
  const startOne = async (): Promise<void> => {
    try {
      const process = await startInterpreter(megabytes)
      if (closed) return await process.kill()
      layers = process.layers
      all.add(process)
      idle.push(process)
      void process.gone.then(reason => lost(process, reason))
    } catch (error) {
      // All waiting runs fail now; the next run tries again.
      rejectAll(queue, error as Error)
    }
  }
  /** Handles a process that ended while idle. */
  const lost = (process: InterpreterProcess, reason: string): void => {
    const at = idle.indexOf(process)
    if (at === -1 || closed) return
    tell(reason)
    idle.splice(at, 1)
    all.delete(process)
    advance()
  }
  const discard = async (process: InterpreterProcess): Promise<void> => {
    all.delete(process)
    await process.kill()
  }
  const work = async (process: InterpreterProcess, next: QueuedRun): Promise<void> => {
    try {
      const { result, retire } = await runWhileWanted(process, next.job)
      next.resolve(result)
      if (retire) tell('a program was stopped inside a system call')
      if (retire || !process.alive()) await discard(process)
      else idle.push(process)
    } catch (error) {
      if (!closed && error instanceof Crashed) tell(error.message)
      await discard(process)
      if (!closed && error instanceof Crashed && next.crashes === 0) {
        next.crashes += 1
        queue.add(next)
      } else next.reject(closed ? wasClosed() : error instanceof Crashed ? diedTwice(error) : (error as Error))
    }
    queue.ended(next)
    advance()
  }
  if (idleMs === undefined) advance()
  return {
    figures: () => ({ processes: all.size, busy: all.size - idle.length, queued: queue.size(), replaced, layers }),
    async run(job) {
      if (closed) throw wasClosed()
      return doorOf(job, async () => waitIn(queue, job, advance))
    },
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(rest)
      rejectAll(queue, wasClosed())
      await Promise.all([...starting, ...[...all].map(discard)])
    },
  }
}
