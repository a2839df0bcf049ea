import { PlatformError } from '../errors.ts'
import type { EventLog, LogRecord } from '../ports/event-log.ts'

/** Offsets of one partition, from `from` up to but not including `to`, and the consumer group that reads them. */
interface Range {
  topic: string
  partition: number
  group: string
  from: bigint
  to: bigint
}

const page = 500

/**
 * The records of a range that is known to be written, in order, without those that retention has removed.
 * @throws DEPENDENCY_DOWN when the log returns nothing where records must be: a broker that has just become leader may
 * do so for a moment.
 */
export async function* readRange(
  log: Pick<EventLog, 'lag' | 'read'>,
  { topic, partition, group, from, to }: Range,
): AsyncGenerator<LogRecord> {
  for (let at = from; at < to;) {
    const records = await log.read(topic, partition, String(at), page)
    for (const record of records) if (BigInt(record.offset) < to) yield record
    const last = records.at(-1)
    at =
      last === undefined ? await offsetAfter(log, { topic, partition, group, from: at, to }) : BigInt(last.offset) + 1n
  }
}

/**
 * The next offset when nothing was found at `from`: the offset of a group is never before the oldest record that is
 * kept.
 */
async function offsetAfter(log: Pick<EventLog, 'lag'>, { topic, partition, group, from, to }: Range): Promise<bigint> {
  const position = (await log.lag(topic, group)).find(one => one.partition === partition)
  const next = BigInt(position?.committed ?? -1)
  if (next > from) return next
  throw new PlatformError(
    'DEPENDENCY_DOWN',
    `${topic}/${partition} gave nothing at offset ${from}, though it is written up to ${to}`,
    {
      hint: 'It is read again by itself; learnflow kafka-topics list shows whether the partition has a leader.',
    },
  )
}
