import { type EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetter } from '../../../schemas/dead-letter.ts'
import { deliver, pauseMs } from '../../deliver.ts'
import type { SubscribeOptions, Subscription } from '../../ports/event-log.ts'
import type { LogStore } from './event-log.ts'

const page = 100

/** The name under which readers of a partition hear of new records. */
export const wakeUp = (topic: string, partition: number): string => `${topic} ${partition}`

interface Member {
  options: SubscribeOptions
  /** What it reads now: the partition and the way to stop reading it. */
  readers: Map<number, () => Promise<void>>
}

/** The consumer groups of one process (the owner of the data folder is the only one): who reads which partition, and the reading. */
export function consumerGroups(store: LogStore, appended: EventEmitter<Record<string, []>>, bury: (letter: DeadLetter) => Promise<void>) {
  const groups = new Map<string, { members: Member[]; partitions: number; moving: Promise<void> }>()

  /** Hands the partitions out round robin. A partition changes hands only when its old reader has finished and committed. */
  const rebalance = async (name: string): Promise<void> => {
    const group = groups.get(name)
    if (group === undefined) return
    const wanted = new Map(group.members.map(member => [member, new Set<number>()]))
    for (let partition = 0; partition < group.partitions; partition += 1) {
      const member = group.members[partition % group.members.length]
      if (member !== undefined) wanted.get(member)?.add(partition)
    }
    const leaving = group.members.flatMap(member =>
      [...member.readers].filter(([partition]) => wanted.get(member)?.has(partition) !== true).map(([partition, stop]) => ({ member, partition, stop })),
    )
    await Promise.all(leaving.map(async ({ member, partition, stop }) => (await stop(), member.readers.delete(partition))))
    for (const [member, partitions] of wanted)
      for (const partition of partitions) if (!member.readers.has(partition)) member.readers.set(partition, startReader(member.options, partition))
  }

  const startReader = (options: SubscribeOptions, partition: number): (() => Promise<void>) => {
    const stopping = new AbortController()
    const done = read(options, partition, stopping.signal)
    return async () => (stopping.abort(), done)
  }

  const read = async (options: SubscribeOptions, partition: number, signal: AbortSignal): Promise<void> => {
    let from: string | undefined
    for (let failures = 0; !signal.aborted;) {
      const more = once(appended, wakeUp(options.topic, partition), { signal }).catch(() => {})
      try {
        from ??= await store.committed(options.group, options.topic, partition)
        const next = await readPage(options, partition, from, signal)
        const idle = next === from
        from = next
        failures = 0
        if (idle) await more
      } catch {
        // The database did not answer, or we are asked to stop: what was not committed comes again.
        from = undefined
        failures += 1
        await sleep(pauseMs(failures), undefined, { signal }).catch(() => {})
      }
    }
  }

  /** Handles up to a page from `from` on, commits what was handled, and says where to go on. */
  const readPage = async (options: SubscribeOptions, partition: number, from: string, signal: AbortSignal): Promise<string> => {
    let next = from
    try {
      for (const record of await store.read(options.topic, partition, from, page)) {
        if (signal.aborted) break
        await deliver(record, options, bury, signal)
        next = String(Number(record.offset) + 1)
      }
    } finally {
      if (next !== from) await store.commit(options.group, { topic: options.topic, partition }, next)
    }
    return next
  }

  const enqueue = async (name: string, change: () => void): Promise<void> => {
    const group = groups.get(name)
    if (group === undefined) return
    group.moving = group.moving.then(async () => (change(), rebalance(name)))
    await group.moving
  }

  return {
    async join(options: SubscribeOptions, partitions: number): Promise<Subscription> {
      const name = `${options.topic} ${options.group}`
      const member: Member = { options, readers: new Map() }
      const group = groups.get(name) ?? { members: [], partitions, moving: Promise.resolve() }
      groups.set(name, group)
      await enqueue(name, () => group.members.push(member))
      const leave = async (): Promise<void> => {
        const stops = [...member.readers.values()]
        member.readers.clear()
        await Promise.all(stops.map(async stop => stop()))
        await enqueue(name, () => group.members.splice(group.members.indexOf(member), 1))
      }
      return {
        assigned: () => [...member.readers.keys()].toSorted((one, other) => one - other),
        [Symbol.asyncDispose]: async () => (group.members.includes(member) ? leave() : undefined),
      }
    },
    async close(): Promise<void> {
      for (const group of groups.values()) await Promise.all(group.members.flatMap(member => [...member.readers.values()].map(async stop => stop())))
      groups.clear()
    },
  }
}
