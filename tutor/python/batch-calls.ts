import { setImmediate } from 'node:timers/promises'
import type { Sandbox } from '../../platform/ports/sandbox.ts'

/**
 * The maximum of programs read in one run, so that a program that is too much for the reader makes few others run a
 * second time.
 */
const maxCalls = 64
const maxCharacters = 200_000

interface Waiting<Result> {
  source: string
  resolve(result: Result | undefined): void
  reject(error: unknown): void
}

/** Reads several sources in one run; undefined when the run returned no result. */
export type Reading<Result> = (
  sources: readonly string[],
  sandbox: Sandbox,
) => Promise<readonly (Result | undefined)[] | undefined>

/** How many of the waiting sources fit into one run, at least one. */
function fitting(waiting: readonly { source: string }[]): number {
  let characters = 0
  const tooMany = waiting.findIndex(({ source }) => (characters += source.length) > maxCharacters)
  return Math.max(1, Math.min(maxCalls, tooMany === -1 ? waiting.length : tooMany))
}

/**
 * Makes a function that reads one source from one that reads many: calls made during a run are served by the next one.
 * A source that prevents a run from returning is undefined, and the others are read without it.
 */
export function batched<Result>(
  read: Reading<Result>,
): (source: string, sandbox: Sandbox) => Promise<Result | undefined> {
  const queues = new WeakMap<Sandbox, { waiting: Waiting<Result>[]; running: boolean }>()
  const settle = async (batch: readonly Waiting<Result>[], sandbox: Sandbox): Promise<void> => {
    const [first] = batch
    if (first === undefined) return
    try {
      const results = await read(
        batch.map(({ source }) => source),
        sandbox,
      )
      if (results !== undefined) for (const [at, { resolve }] of batch.entries()) resolve(results[at])
      else if (batch.length === 1) first.resolve(undefined)
      else {
        const middle = Math.ceil(batch.length / 2)
        await settle(batch.slice(0, middle), sandbox)
        await settle(batch.slice(middle), sandbox)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
  return async (source, sandbox) => {
    const queue = queues.get(sandbox) ?? { waiting: [], running: false }
    queues.set(sandbox, queue)
    const { promise, resolve, reject } = Promise.withResolvers<Result | undefined>()
    queue.waiting.push({ source, resolve, reject })
    if (!queue.running) {
      queue.running = true
      void (async () => {
        // Calls made in the same tick join the first one.
        await setImmediate()
        while (queue.waiting.length > 0) await settle(queue.waiting.splice(0, fitting(queue.waiting)), sandbox)
        queue.running = false
      })()
    }
    return promise
  }
}
