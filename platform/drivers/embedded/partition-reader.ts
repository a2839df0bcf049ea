import type { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { deliverAll, type Deps, pauseMs } from '../../log/deliver.ts'
import type { LogRecord, SubscribeOptions } from '../../ports/event-log.ts'
import { passStep } from '../../steps.ts'
import type { LogStore } from './log-store.ts'

const page = 100

/** Tells readers what was appended, by the name that `wakeUp` gives the partition. */
export type Appended = EventEmitter<Record<string, [readonly LogRecord[]]>>

/** The event name under which readers of a partition learn of new records. */
export const wakeUp = (topic: string, partition: number): string => `${topic} ${partition}`

export async function readPartition(
  store: LogStore,
  appended: Appended,
  deps: Deps,
  options: SubscribeOptions,
  partition: number,
  signal: AbortSignal,
): Promise<void> {
  const { topic, group } = options
  using news = listen(appended, wakeUp(topic, partition), signal)
  let from: string | undefined
  for (let failures = 0; !signal.aborted;) {
    const heard = news.take()
    try {
      from ??= await store.committed(group, topic, partition)
      const records = followOn(heard, from) ?? (await store.read(topic, partition, from, page))
      from = await handleRecords(store, deps, options, { topic, partition }, records, from, signal)
      failures = 0
      // Records appended since `take` have rung the bell.
      if (records.length < page) await news.rung()
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

/** Of what was heard, the records from `from` on; undefined when they are not known to be all there is. */
function followOn(heard: readonly LogRecord[], from: string): readonly LogRecord[] | undefined {
  const start = heard.findIndex(({ offset }) => offset === from)
  if (start === -1) return undefined
  const records = heard.slice(start)
  const isWhole = records.every(({ offset }, at) => BigInt(offset) === BigInt(from) + BigInt(at))
  return isWhole ? records : undefined
}

/** Handles the records from `from` on and commits them; returns the next offset. */
async function handleRecords(
  store: LogStore,
  deps: Deps,
  options: SubscribeOptions,
  place: { topic: string; partition: number },
  records: readonly LogRecord[],
  from: string,
  signal: AbortSignal,
): Promise<string> {
  let next = from
  try {
    for (const record of records) passStep('embedded:taken', record, options.group)
    await deliverAll(records, options, deps, signal, handled => {
      for (const record of handled) passStep('embedded:handled', record, options.group)
      next = String(BigInt(handled.at(-1)?.offset ?? 0) + 1n)
    })
  } finally {
    if (next !== from) await store.commit(options.group, place, next)
  }
  return next
}

/** Collects what is appended, up to a page of it, and rings when there is some; it also rings when `signal` aborts. */
function listen(
  emitter: Appended,
  event: string,
  signal: AbortSignal,
): Disposable & { take(): readonly LogRecord[]; rung(): Promise<void> } {
  let bell = Promise.withResolvers<void>()
  let heard: LogRecord[] = []
  const ring = (): void => bell.resolve()
  const hear = (records: readonly LogRecord[]): void => {
    // A reader that is far behind reads the store instead.
    if (heard.length + records.length > page) heard = []
    else heard.push(...records)
    ring()
  }
  emitter.on(event, hear)
  signal.addEventListener('abort', ring)
  return {
    take() {
      bell = Promise.withResolvers()
      if (signal.aborted) bell.resolve()
      const taken = heard
      heard = []
      return taken
    },
    rung: async () => bell.promise,
    [Symbol.dispose]() {
      emitter.off(event, hear)
      signal.removeEventListener('abort', ring)
    },
  }
}
