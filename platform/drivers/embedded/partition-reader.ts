import type { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { deliverAll, type Deps, pauseMs } from '../../log/deliver.ts'
import type { SubscribeOptions } from '../../ports/event-log.ts'
import { passStep } from '../../steps.ts'
import type { LogStore } from './log-store.ts'

const page = 100

/** The event name under which readers of a partition learn of new records. */
export const wakeUp = (topic: string, partition: number): string => `${topic} ${partition}`

export async function readPartition(
  store: LogStore,
  appended: EventEmitter<Record<string, []>>,
  deps: Deps,
  options: SubscribeOptions,
  partition: number,
  signal: AbortSignal,
): Promise<void> {
  const { topic, group } = options
  using bell = listen(appended, wakeUp(topic, partition), signal)
  let from: string | undefined
  for (let failures = 0; !signal.aborted;) {
    bell.reset()
    try {
      from ??= await store.committed(group, topic, partition)
      const { next, full } = await readPage(store, deps, options, partition, from, signal)
      from = next
      failures = 0
      // Records appended since the page was read have rung the bell.
      if (!full) await bell.rung()
    } catch (error) {
      // Stopped during a retry, or the database did not answer: records that were not committed are read again.
      if (signal.aborted) return
      from = undefined
      failures += 1
      deps.report(error, `${group} cannot read ${topic}/${partition} now`)
      await sleep(pauseMs(failures), undefined, { signal }).catch(() => {})
    }
  }
}

/**
 * Handles up to a page of records from `from` on and commits them; returns the next offset and whether the page was
 * full.
 */
async function readPage(
  store: LogStore,
  deps: Deps,
  options: SubscribeOptions,
  partition: number,
  from: string,
  signal: AbortSignal,
) {
  let next = from
  const records = await store.read(options.topic, partition, from, page)
  try {
    for (const record of records) passStep('embedded:taken', record, options.group)
    await deliverAll(records, options, deps, signal, handled => {
      for (const record of handled) passStep('embedded:handled', record, options.group)
      next = String(BigInt(handled.at(-1)?.offset ?? 0) + 1n)
    })
  } finally {
    if (next !== from) await store.commit(options.group, { topic: options.topic, partition }, next)
  }
  return { next, full: records.length === page }
}

/** A bell that remembers that it rang since the last `reset`; it also rings when `signal` aborts. */
function listen(
  emitter: EventEmitter<Record<string, []>>,
  event: string,
  signal: AbortSignal,
): Disposable & { reset(): void; rung(): Promise<void> } {
  let bell = Promise.withResolvers<void>()
  const ring = (): void => bell.resolve()
  emitter.on(event, ring)
  signal.addEventListener('abort', ring)
  return {
    reset() {
      bell = Promise.withResolvers()
      if (signal.aborted) bell.resolve()
    },
    rung: async () => bell.promise,
    [Symbol.dispose]() {
      emitter.off(event, ring)
      signal.removeEventListener('abort', ring)
    },
  }
}
