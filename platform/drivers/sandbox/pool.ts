import { PlatformError } from '../../errors.ts'
import type { PythonResult, PythonRun } from '../../ports/sandbox.ts'
import { fairQueue } from './fair-queue.ts'
import { Crashed, type InterpreterProcess, startInterpreter } from './interpreter-process.ts'

export interface PoolOptions {
  processes: number
  megabytes: number
  queueLimit: number
  /** Closes the processes after this long without a run; undefined keeps them warm. */
  idleMs?: number
}

interface Job {
  job: PythonRun
  resolve(result: PythonResult): void
  reject(error: Error): void
  crashes: number
}

/** Warm interpreter processes of one size and the queue before them. */
export interface Pool extends AsyncDisposable {
  run(job: PythonRun): Promise<PythonResult>
  figures(): { processes: number; busy: number; queued: number; layers: string | undefined }
}

export function openPool({ processes, megabytes, queueLimit, idleMs }: PoolOptions): Pool {
  const queue = fairQueue<Job>()
  const idle: InterpreterProcess[] = []
  const all = new Set<InterpreterProcess>()
  let starting = 0
  let layers: string | undefined
  let closed = false
  let rest: NodeJS.Timeout | undefined

  /** Gives work to whoever is free, and starts processes while there are fewer than wanted. */
  const advance = (): void => {
    if (closed) return
    while (idle.length > 0 && queue.size() > 0) {
      const process = idle.pop()
      const next = queue.take()
      if (process !== undefined && next !== undefined) void work(process, next)
    }
    if (idleMs === undefined || queue.size() > 0) while (all.size + starting < processes) void start()
    clearTimeout(rest)
    if (idleMs !== undefined && queue.size() === 0) rest = setTimeout(() => idle.splice(0).forEach(process => void discard(process)), idleMs).unref()
  }
  const start = async (): Promise<void> => {
    starting += 1
    try {
      const process = await startInterpreter(megabytes)
      if (closed) return await process.kill()
      layers = process.layers
      all.add(process)
      idle.push(process)
    } catch (error) {
      // Whoever waits is told; the next run tries again.
      for (let next = queue.take(); next !== undefined; next = queue.take()) next.reject(error as Error)
    } finally {
      starting -= 1
    }
    if (idle.length > 0) advance()
  }
  const discard = async (process: InterpreterProcess): Promise<void> => {
    all.delete(process)
    await process.kill()
  }
  const work = async (process: InterpreterProcess, next: Job): Promise<void> => {
    try {
      const { result, retire } = await process.run(next.job)
      if (retire || !process.alive()) await discard(process)
      else idle.push(process)
      next.resolve(result)
    } catch (error) {
      await discard(process)
      again(next, error as Error)
    }
    advance()
  }
  const again = (next: Job, error: Error): void => {
    if (closed) next.reject(new PlatformError('SANDBOX_CRASHED', 'the sandbox was closed', { hint: 'Submit it again.' }))
    else if (!(error instanceof Crashed)) next.reject(error)
    else if (next.crashes > 0)
      next.reject(
        new PlatformError('SANDBOX_CRASHED', `the interpreter died twice over a program: ${error.message.slice(0, 300)}`, {
          hint: 'It is tried again later; learnflow doctor looks at the sandbox.',
          cause: error,
        }),
      )
    else queue.add(next.job.owner ?? '', { ...next, crashes: next.crashes + 1 })
  }
  if (idleMs === undefined) advance()
  return {
    figures: () => ({ processes: all.size, busy: all.size - idle.length, queued: queue.size(), layers }),
    async run(job) {
      if (queue.size() >= queueLimit)
        throw new PlatformError('TOO_MANY_REQUESTS', `${queueLimit} programs are waiting already`, { hint: 'Try again in a few seconds.' })
      return new Promise((resolve, reject) => {
        queue.add(job.owner ?? '', { job, resolve, reject, crashes: 0 })
        advance()
      })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      clearTimeout(rest)
      for (let next = queue.take(); next !== undefined; next = queue.take()) again(next, new Crashed())
      await Promise.all([...all].map(discard))
    },
  }
}
