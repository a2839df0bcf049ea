import type { EventLog, LogRecord } from '../../ports/event-log.ts'

/** A delivery that follows an answer within this time, in ms, was waiting: the sidecar has more. */
const closeMs = 50
/** So many such deliveries, one after the other, are a partition that lags; more when it did not the last time. */
const [fewest, most] = [3, 48]
const page = 500
const maxRecords = 2_000

interface ReadAheadOptions {
  log: Pick<EventLog, 'read'>
  /** Without it nothing is read ahead. */
  together: boolean
  report(error: unknown, what: string): void
}

interface Pace {
  answeredAt: number
  close: number
  needed: number
}

/**
 * What follows the delivered record of a partition that lags, read from the log itself, and which of it Dapr delivers
 * later. Only an equal record counts as delivered before: the offsets of a topic that was made again start anew.
 */
export class ReadAhead {
  private readonly options: ReadAheadOptions
  private readonly paces = new Map<number, Pace>()
  /** The records that Dapr has not delivered yet, by partition and offset. */
  private readonly handed = new Map<number, Map<string, LogRecord>>()

  constructor(options: ReadAheadOptions) {
    this.options = options
  }

  /** Whether this record was handled with one before it. */
  had({ partition, offset, key, value }: LogRecord): boolean {
    const handed = this.handed.get(partition)
    const one = handed?.get(offset)
    handed?.delete(offset)
    return one !== undefined && one.key === key && one.value === value
  }

  /** These were handled with the record before them. */
  keep(partition: number, records: readonly LogRecord[]): void {
    if (records.length > 0) this.handed.set(partition, new Map(records.map(record => [record.offset, record])))
  }

  /** The sidecar has its answer for a record of this partition. */
  answered(partition: number): void {
    this.paceOf(partition).answeredAt = performance.now()
  }

  /** The records after this one, which has just been delivered; none while its partition does not lag. */
  async following({ topic, partition, offset }: LogRecord): Promise<LogRecord[]> {
    if (!this.options.together || !this.mayLag(partition)) return []
    const records: LogRecord[] = []
    for (let from = BigInt(offset) + 1n; records.length < maxRecords;) {
      const some = await this.options.log.read(topic, partition, String(from), page).catch((error: unknown) => {
        // Dapr delivers them all the same.
        this.options.report(error, `${topic}/${partition} cannot be read ahead now`)
        return []
      })
      records.push(...some)
      const last = some.at(-1)
      if (last === undefined || some.length < page) break
      from = BigInt(last.offset) + 1n
    }
    const pace = this.paceOf(partition)
    pace.needed = records.length > 0 ? fewest : Math.min(2 * pace.needed, most)
    return records
  }

  private paceOf(partition: number): Pace {
    const pace = this.paces.get(partition) ?? { answeredAt: Number.NEGATIVE_INFINITY, close: 0, needed: fewest }
    this.paces.set(partition, pace)
    return pace
  }

  private mayLag(partition: number): boolean {
    const pace = this.paceOf(partition)
    pace.close = performance.now() - pace.answeredAt < closeMs ? pace.close + 1 : 0
    if (pace.close < pace.needed) return false
    pace.close = 0
    return true
  }
}
