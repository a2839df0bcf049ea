import type { PartitionLag } from '../ports/event-log.ts'

/** A partition as a log keeps it: its oldest offset, the one after its newest, and where a group stands, -1 where it never committed. */
interface PartitionOffsets {
  partition: number
  low: string
  end: string
  committed: string
}

/** How far a group is behind: one without a place, or with one that retention has overtaken, starts at the oldest record. */
export function lagOf({ partition, low, end, committed }: PartitionOffsets): PartitionLag {
  const started = committed !== '-1'
  const next = BigInt(committed) < BigInt(low) ? low : committed
  return { partition, end, committed: next, lag: Number(BigInt(end) - BigInt(next)), started }
}
