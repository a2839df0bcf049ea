import type { PartitionLag } from '../ports/event-log.ts'

/**
 * The offsets of a partition: the oldest record, the one after its newest, and the group's, -1 if it never committed.
 */
interface PartitionOffsets {
  partition: number
  low: string
  end: string
  committed: string
}

/**
 * The lag of a group. One without an offset starts at the oldest record, and so does one whose offset is older than
 * retention or beyond the end, which is of an earlier topic of the same name.
 */
export function lagOf({ partition, low, end, committed }: PartitionOffsets): PartitionLag {
  const started = committed !== '-1'
  const isOfThisLog = BigInt(committed) >= BigInt(low) && BigInt(committed) <= BigInt(end)
  const next = isOfThisLog ? committed : low
  return { partition, end, committed: next, lag: Number(BigInt(end) - BigInt(next)), started }
}
