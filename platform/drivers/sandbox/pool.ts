import { PlatformError } from '../../errors.ts'
import type { PythonResult, PythonRun } from '../../ports/sandbox.ts'
import { type FairQueue, fairQueue } from './fair-queue.ts'
import { Crashed, type InterpreterProcess, startInterpreter } from './interpreter-process.ts'

export interface PoolOptions {
  processes: number
  megabytes: number
  queueLimit: number
  /** Closes the processes after this long without a run; undefined keeps them warm. */
  idleMs?: number
  /** Called for each process that is given up before its time. */
  onReplaced?: ((reason: string) => void) | undefined
}

interface QueuedRun {
  job: PythonRun
  resolve(result: PythonResult): void
  reject(error: Error): void
  crashes: number
}

/** Warm interpreter processes of one size and the queue in front of them. */
export interface Pool extends AsyncDisposable {
  run(job: PythonRun): Promise<PythonResult>
  figures(): { processes: number; busy: number; queued: number; replaced: number; layers: string | undefined }
}

const wasClosed = (): PlatformError =>
  new PlatformError('SANDBOX_CRASHED', 'the sandbox was closed', { hint: 'Submit it again.' })
const tooMany = (queueLimit: number): PlatformError =>
  new PlatformError('TOO_MANY_REQUESTS', `${queueLimit} programs are waiting already`, {
    hint: 'Try again in a few seconds.',
  })
const diedTwice = (cause: Crashed): PlatformError =>
  new PlatformError('SANDBOX_CRASHED', `the interpreter died twice over a program: ${cause.message.slice(0, 300)}`, {
    hint: 'It is tried again later; learnflow doctor looks at the sandbox.',
    cause,
  })

function rejectAll(queue: FairQueue<QueuedRun>, error: Error): void {
  for (let next = queue.take(); next !== undefined; next = queue.take()) next.reject(error)
}

export function openPool({ processes, megabytes, queueLimit, idleMs, onReplaced }: PoolOptions): Pool {
  const queue = fairQueue<QueuedRun>()
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
    while (idle.length > 0 && queue.size() > 0) {
      const process = idle.pop()
      const next = queue.take()
      if (process !== undefined && next !== undefined) void work(process, next)
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
      const { result, retire } = await process.run(next.job)
      next.resolve(result)
      if (retire) tell('a program was stopped inside a system call')
      if (retire || !process.alive()) await discard(process)
      else idle.push(process)
    } catch (error) {
      if (!closed && error instanceof Crashed) tell(error.message)
      await discard(process)
      if (!closed && error instanceof Crashed && next.crashes === 0)
        queue.add(next.job.owner ?? '', { ...next, crashes: 1 })
      else next.reject(closed ? wasClosed() : error instanceof Crashed ? diedTwice(error) : (error as Error))
    }
    advance()
  }
  if (idleMs === undefined) advance()
  return {
    figures: () => ({ processes: all.size, busy: all.size - idle.length, queued: queue.size(), replaced, layers }),
    async run(job) {
      if (closed) throw wasClosed()
      if (queue.size() >= queueLimit) throw tooMany(queueLimit)
      return new Promise((resolve, reject) => {
        queue.add(job.owner ?? '', { job, resolve, reject, crashes: 0 })
        advance()
      })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(rest)
      rejectAll(queue, wasClosed())
      await Promise.all([...starting, ...[...all].map(discard)])
    },
  }
}
