import type { Deps } from '../../log/deliver.ts'
import type { SubscribeOptions, Subscription } from '../../ports/event-log.ts'
import type { LogStore } from './log-store.ts'
import { type Appended, readPartition } from './partition-reader.ts'

interface GroupMember {
  options: SubscribeOptions
  /** The partitions it reads now, each with the function that stops the reading. */
  readers: Map<number, () => Promise<void>>
}

const partitionsOf = ({ readers }: GroupMember): number[] => [...readers.keys()].toSorted((one, other) => one - other)

interface Group {
  topic: string
  members: GroupMember[]
  partitions: number
  /** Changes of members and partitions, one at a time. */
  moving: Promise<void>
}

/**
 * The consumer groups of one process (only the owner of the data folder has any): who reads which partition, and the
 * reading itself.
 */
export function consumerGroups(store: LogStore, appended: Appended, deps: Deps) {
  const groups = new Map<string, Group>()
  const start = (options: SubscribeOptions, partition: number): (() => Promise<void>) => {
    const stopping = new AbortController()
    const done = readPartition(store, appended, deps, options, partition, stopping.signal)
    return async () => (stopping.abort(), done)
  }

  /**
   * Assigns partitions round robin. A partition changes its reader only when the old one has finished and committed.
   */
  const rebalance = async ({ members, partitions }: Group): Promise<void> => {
    const holder = (partition: number): GroupMember | undefined => members[partition % members.length]
    const all = Array.from({ length: partitions }, (_, partition) => partition)
    await Promise.all(members.map(async member => release(member, partition => holder(partition) !== member)))
    for (const partition of all) {
      const member = holder(partition)
      if (member?.readers.has(partition) === false) member.readers.set(partition, start(member.options, partition))
    }
  }

  /** Serialises changes: while one is made, no other starts or stops a reader. */
  const change = async (group: Group, make: () => Promise<void> | void): Promise<void> => {
    const earlier = group.moving
    const made = (async () => {
      await earlier
      await make()
      await rebalance(group)
    })()
    group.moving = made.catch(() => {})
    await made
  }

  const leave = async (group: Group, leaving: readonly GroupMember[]): Promise<void> =>
    change(group, async () => {
      group.members = group.members.filter(member => !leaving.includes(member))
      await Promise.all(leaving.map(async member => release(member, () => true)))
    })
  return {
    async join(options: SubscribeOptions, partitions: number): Promise<Subscription> {
      const name = `${options.topic} ${options.group}`
      const member: GroupMember = { options, readers: new Map() }
      const group = groups.get(name) ?? { topic: options.topic, members: [], partitions, moving: Promise.resolve() }
      groups.set(name, group)
      await change(group, () => void group.members.push(member))
      return {
        assigned: () => partitionsOf(member),
        [Symbol.asyncDispose]: async () => leave(group, [member]),
      }
    },
    /** Makes the groups of a topic read its new partitions too. */
    async resize(topic: string, partitions: number): Promise<void> {
      const concerned = [...groups.values()].filter(group => group.topic === topic)
      await Promise.all(concerned.map(async group => change(group, () => void (group.partitions = partitions))))
    },
    /** Per member of a group, the partitions that it reads. */
    members: (topic: string, group: string): number[][] =>
      (groups.get(`${topic} ${group}`)?.members ?? []).map(partitionsOf),
    async close(): Promise<void> {
      await Promise.all([...groups.values()].map(async group => leave(group, [...group.members])))
    },
  }
}

/** Stops the member's readers of those partitions: each finishes and commits its current record. */
async function release(member: GroupMember, which: (partition: number) => boolean): Promise<void> {
  const stops = [...member.readers].filter(([partition]) => which(partition))
  await Promise.all(stops.map(async ([partition, stop]) => (await stop(), member.readers.delete(partition))))
}
