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

/** The lag of a group: one without an offset, or with an offset older than retention, starts at the oldest record. */
export function lagOf({ partition, low, end, committed }: PartitionOffsets): PartitionLag {
  const started = committed !== '-1'
  const next = BigInt(committed) < BigInt(low) ? low : committed
  return { partition, end, committed: next, lag: Number(BigInt(end) - BigInt(next)), started }
}
