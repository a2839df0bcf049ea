import type { EventLog, LogRecord, PartitionLag } from '../../ports/event-log.ts'
import type { KafkaAdmin } from '../direct/kafka-admin.ts'
import { readRange } from '../../log/read-range.ts'
import { ReadAhead } from './read-ahead.ts'

export interface CatchUpOptions {
  topic: string
  group: string
  log: Pick<EventLog, 'lag' | 'read'> & Pick<KafkaAdmin, 'commit'>
  /**
   * Resolves when the records, of one partition and in its order, are handled or written to the dead letters; `handled`
   * is told each part that is.
   */
  handle(records: readonly LogRecord[], handled: (records: readonly LogRecord[]) => void): Promise<void>
  /** Whether several records at once are handled faster than one by one. */
  together: boolean
  /** Called for skipped records that were found, and for requests that were not answered. */
  report(error: unknown, what: string): void
  /**
   * How often offsets are stored, in ms. Every second time the ends of the partitions are searched for skipped records.
   */
  everyMs?: number
}

const defaultMs = 1_000
const looksEvery = 2
/** Records that are handled at once. */
const page = 200

/**
 * The consumer group whose offsets record what was handled; the offsets of the group itself record only what Dapr has
 * committed.
 */
export const handledGroup = (group: string): string => `${group}.handled`

/**
 * Handles records in partition order, without gaps. Dapr can commit a record that its agent never handled
 * (docs/decisions/0006), so the handled offsets are kept in a group of their own. When a record does not follow the
 * last one, or Dapr has committed more than was handled, the records in between are read from the log itself and
 * handled first. Records that another process handled after it last stored its offsets are handled twice, which
 * consumers tolerate. What follows a record in a partition that lags is read ahead, because Dapr delivers one at a time.
 * Disposing stores the offsets.
 */
export class CatchUp implements AsyncDisposable {
  private readonly options: CatchUpOptions
  private readonly next = new Map<number, bigint>()
  private readonly unstored = new Set<number>()
  /** The partitions for which the log holds an offset of ours, unless their topic was made again since. */
  private readonly stored: Set<number>
  private readonly ahead: ReadAhead
  private readonly turns = new Map<number, Promise<void>>()
  private readonly timer: NodeJS.Timeout
  /** The offsets that Dapr had committed at the last two checks. */
  private committed: [older: Map<number, bigint>, newer: Map<number, bigint>] = [new Map(), new Map()]
  private ticks = 0
  private ticking: Promise<void> | undefined

  private constructor(options: CatchUpOptions, stored: Iterable<number>) {
    this.options = options
    this.stored = new Set(stored)
    this.ahead = new ReadAhead(options)
    this.timer = setInterval(
      () => void (this.ticking ??= this.tick().finally(() => void (this.ticking = undefined))),
      options.everyMs ?? defaultMs,
    )
    this.timer.unref()
  }

  /** Must be started before Dapr delivers anything. @throws DEPENDENCY_DOWN, NOT_FOUND */
  static async start(options: CatchUpOptions): Promise<CatchUp> {
    const { topic, group, log } = options
    const { theirs, ours } = await offsetsOf(options)
    const fresh = new Set(ours.flatMap(({ partition, started }) => (started ? [] : [partition])))
    const places = theirs.flatMap(({ partition, committed }) =>
      fresh.has(partition) ? [[partition, committed] as const] : [],
    )
    if (places.length > 0) await log.commit(handledGroup(group), topic, new Map(places))
    return new CatchUp(
      options,
      ours.map(({ partition }) => partition),
    )
  }

  /** Resolves when the record and all records before it are handled. */
  async take(record: LogRecord): Promise<void> {
    const { partition } = record
    const offset = BigInt(record.offset)
    await this.inTurn(partition, async () => {
      if (this.ahead.had(record)) return
      const known = this.next.get(partition)
      if (known === undefined || known < offset) await this.fill(partition, offset)
      const following = await this.ahead.following(record)
      await this.handle([record, ...following])
      this.ahead.keep(partition, following)
    })
    this.ahead.answered(partition)
  }

  private async handle(records: readonly LogRecord[]): Promise<void> {
    await this.options.handle(records, handled => {
      const last = handled.at(-1)
      if (last !== undefined) this.done(last.partition, BigInt(last.offset) + 1n)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.timer)
    await this.ticking
    await Promise.all(this.turns.values())
    await this.store().catch((error: unknown) =>
      this.options.report(error, 'how far the log was handled could not be stored: some of it comes again'),
    )
  }

  private done(partition: number, following: bigint): void {
    this.next.set(partition, larger(this.next.get(partition), following))
    this.unstored.add(partition)
  }

  /**
   * Handles one record of a partition at a time, also when Dapr reconnects while an earlier delivery is still being
   * handled.
   */
  private async inTurn(partition: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(partition) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => {})
    this.turns.set(partition, settled)
    await turn
  }

  /** Handles the records between the last one known to be handled and `to`. */
  private async fill(partition: number, to: bigint): Promise<void> {
    const { topic, group, log, report } = this.options
    const position = (await log.lag(topic, handledGroup(group))).find(one => one.partition === partition)
    if (position !== undefined) this.forgetEarlierTopic(position)
    const at = larger(this.next.get(partition), BigInt(position?.committed ?? 0))
    this.done(partition, at)
    if (at < to)
      report(
        undefined,
        `${topic}/${partition}: it is not known that ${group} has handled ${at} to ${to - 1n}, so it does now`,
      )
    let some: LogRecord[] = []
    for await (const record of readRange(log, { topic, partition, group: handledGroup(group), from: at, to })) {
      some.push(record)
      if (some.length < page) continue
      await this.handle(some)
      some = []
    }
    await this.handle(some)
    this.done(partition, to)
  }

  /**
   * What was handled beyond the end of the partition was of an earlier topic of the same name: this one is handled from
   * its oldest record on. To be called in turn, with a position that was read in that turn.
   */
  private forgetEarlierTopic(position: PartitionLag): void {
    const { partition, committed } = position
    if (!this.isOfEarlierTopic(position)) return
    this.next.set(partition, BigInt(committed))
    this.unstored.add(partition)
    this.options.report(undefined, `${this.options.topic}/${partition} was made again: it is handled from its start`)
  }

  /**
   * With a topic Kafka deletes the offsets of its groups: ours are gone, or what was handled is beyond the end. `lagOf`
   * gives the oldest record for an offset that is not of this log.
   */
  private isOfEarlierTopic({ partition, end, started }: PartitionLag): boolean {
    const known = this.next.get(partition)
    return known !== undefined && (known > BigInt(end) || (!started && this.stored.has(partition)))
  }

  /** Handles the partitions that were made again since they were looked at. */
  private async startOver(positions: readonly PartitionLag[]): Promise<void> {
    const anew = positions.filter(position => this.isOfEarlierTopic(position))
    await Promise.all(
      anew.map(async ({ partition, end }) =>
        this.inTurn(partition, async () => {
          await this.fill(partition, BigInt(end))
          this.stored.delete(partition)
        }),
      ),
    )
  }

  private async tick(): Promise<void> {
    this.ticks += 1
    try {
      if (this.ticks % looksEvery === 0) await this.look()
      await this.store()
    } catch (error) {
      this.options.report(error, 'how far the log is handled could not be seen or stored now')
    }
  }

  /** A record that Dapr had committed two checks ago and that is still not handled will not be delivered again. */
  private async look(): Promise<void> {
    const { theirs, ours } = await offsetsOf(this.options)
    await this.startOver(ours)
    const [before] = this.committed
    this.committed = [
      this.committed[1],
      new Map(
        theirs.filter(({ started }) => started).map(position => [position.partition, BigInt(position.committed)]),
      ),
    ]
    await Promise.all(ours.map(async position => this.catchUpTo(before.get(position.partition) ?? 0n, position)))
  }

  private async catchUpTo(wanted: bigint, { partition, committed, end }: PartitionLag): Promise<void> {
    const to = wanted < BigInt(end) ? wanted : BigInt(end)
    if (larger(this.next.get(partition), BigInt(committed)) >= to) return
    await this.inTurn(partition, async () => this.fill(partition, to))
  }

  private async store(): Promise<void> {
    const { topic, group, log } = this.options
    if (this.unstored.size === 0) return
    // An offset of a topic that is gone would hide that this one has to be handled from its start.
    await this.startOver(await log.lag(topic, handledGroup(group)))
    const offsets = new Map([...this.unstored].map(partition => [partition, String(this.next.get(partition))]))
    this.unstored.clear()
    await log.commit(handledGroup(group), topic, offsets).catch((error: unknown) => {
      for (const partition of offsets.keys()) this.unstored.add(partition)
      throw error
    })
    for (const partition of offsets.keys()) this.stored.add(partition)
  }
}

/** The offsets that Dapr has committed, and those that are handled. */
async function offsetsOf({
  topic,
  group,
  log,
}: CatchUpOptions): Promise<{ theirs: PartitionLag[]; ours: PartitionLag[] }> {
  const [theirs, ours] = await Promise.all([log.lag(topic, group), log.lag(topic, handledGroup(group))])
  return { theirs, ours }
}

const larger = (one: bigint | undefined, other: bigint): bigint => (one !== undefined && one > other ? one : other)
