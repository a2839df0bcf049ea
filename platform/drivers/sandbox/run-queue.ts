import { PlatformError } from '../../errors.ts'
import type { PythonResult, PythonRun } from '../../ports/sandbox.ts'
import { fairQueue } from './fair-queue.ts'

/** A run that waits for an interpreter, or has one. */
export interface QueuedRun {
  job: PythonRun
  resolve(result: PythonResult): void
  reject(error: Error): void
  /** How many processes it has cost. */
  crashes: number
}

/** While graded work waits too, one turn of this many is a free run's, so that neither waits for all of the other. */
const turnsPerFreeRun = 5

/** The runs that wait: graded work before free runs, and within each kind the owners in turn. */
export interface RunQueue {
  size(): number
  /** The free runs among them. */
  free(): number
  add(run: QueuedRun): void
  /** The next run that may begin; undefined also while as many free runs have a process as may. */
  take(): QueuedRun | undefined
  /** To be called when a run that was taken has let go of its process. */
  ended(run: QueuedRun): void
  remove(run: QueuedRun): boolean
  /** Everything that waits, taken out. */
  drain(): QueuedRun[]
}

const isFree = ({ job }: QueuedRun): boolean => job.purpose === 'free'
const ownerOf = ({ job }: QueuedRun): string => job.owner ?? ''

/** `maxFree`: how many free runs may have a process at once. */
export function runQueue(maxFree: number): RunQueue {
  const [graded, free] = [fairQueue<QueuedRun>(), fairQueue<QueuedRun>()]
  const kindOf = (run: QueuedRun): typeof free => (isFree(run) ? free : graded)
  let turns = 0
  let running = 0
  return {
    size: () => graded.size() + free.size(),
    free: free.size,
    add: run => kindOf(run).add(ownerOf(run), run),
    take() {
      const isFreeTurn = running < maxFree && free.size() > 0 && (graded.size() === 0 || turns >= turnsPerFreeRun - 1)
      turns = isFreeTurn ? 0 : turns + 1
      if (isFreeTurn) running += 1
      return (isFreeTurn ? free : graded).take()
    },
    ended: run => void (isFree(run) && (running -= 1)),
    remove: run => kindOf(run).remove(ownerOf(run), run),
    drain: () => [graded, free].flatMap(queue => Array.from({ length: queue.size() }, () => queue.take() ?? [])).flat(),
  }
}

const tooMany = (queueLimit: number): PlatformError =>
  new PlatformError('TOO_MANY_REQUESTS', `${queueLimit} programs are waiting already`, {
    hint: 'Try again in a few seconds.',
  })
const ownerHasEnough = (limit: number): PlatformError =>
  new PlatformError('TOO_MANY_REQUESTS', `${limit} programs of yours are running or waiting already`, {
    hint: 'Wait until one of them has ended.',
  })
const waitedTooLong = (seconds: number): PlatformError =>
  new PlatformError('TOO_MANY_REQUESTS', `no interpreter was free for ${seconds} s`, {
    hint: 'Try again in a few seconds.',
  })

/** Lets a run in, unless it is a free run and as many wait as may, of all or of its owner. @throws TOO_MANY_REQUESTS */
export function freeRunDoor(queue: RunQueue, queueLimit: number, runsPerOwner: number) {
  /** How many free runs each owner has open, waiting or running. */
  const open = new Map<string, number>()
  const count = (owner: string, more: 1 | -1): void => {
    const now = (open.get(owner) ?? 0) + more
    if (now === 0) open.delete(owner)
    else open.set(owner, now)
  }
  return async ({ purpose, owner }: PythonRun, enter: () => Promise<PythonResult>): Promise<PythonResult> => {
    if (purpose !== 'free') return enter()
    if (queue.free() >= queueLimit) throw tooMany(queueLimit)
    if (owner === undefined) return enter()
    if ((open.get(owner) ?? 0) >= runsPerOwner) throw ownerHasEnough(runsPerOwner)
    count(owner, 1)
    return enter().finally(() => count(owner, -1))
  }
}

/** Adds a run and waits for its result; it leaves the queue when nobody waits for it any more. */
export async function waitIn(queue: RunQueue, job: PythonRun, added: () => void): Promise<PythonResult> {
  const { signal, maxWaitSeconds: seconds } = job
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<PythonResult>()
  const run: QueuedRun = { job, resolve, reject, crashes: 0 }
  const leave = (error: Error): void => void (queue.remove(run) && reject(error))
  const abort = (): void => leave(signal?.reason as Error)
  signal?.addEventListener('abort', abort)
  const timer = seconds === undefined ? undefined : setTimeout(() => leave(waitedTooLong(seconds)), seconds * 1_000)
  queue.add(run)
  added()
  return promise.finally(() => (signal?.removeEventListener('abort', abort), clearTimeout(timer)))
}
