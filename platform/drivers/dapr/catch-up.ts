import type { DeadLetterLog } from '../../log/dead-letters.ts'
import type { LogRecord, PartitionLag } from '../../ports/event-log.ts'
import { readRange } from '../../log/read-range.ts'

export interface CatchUpOptions {
  topic: string
  group: string
  log: Pick<DeadLetterLog, 'lag' | 'read' | 'commit'>
  /** Resolves when the record is handled or written to the dead letters. */
  handle(record: LogRecord): Promise<void>
  /** Called for skipped records that were found, and for requests that were not answered. */
  report(error: unknown, what: string): void
  /**
   * How often offsets are stored, in ms. Every fifth time the ends of the partitions are searched for skipped records.
   */
  everyMs?: number
}

const defaultMs = 1_000
const looksEvery = 5

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
 * consumers tolerate. Disposing stores the offsets.
 */
export class CatchUp implements AsyncDisposable {
  private readonly options: CatchUpOptions
  private readonly next = new Map<number, bigint>()
  private readonly unstored = new Set<number>()
  private readonly turns = new Map<number, Promise<void>>()
  private readonly timer: NodeJS.Timeout
  /** The offsets that Dapr had committed at the last two checks. */
  private committed: [older: Map<number, bigint>, newer: Map<number, bigint>] = [new Map(), new Map()]
  private ticks = 0
  private ticking: Promise<void> | undefined

  private constructor(options: CatchUpOptions) {
    this.options = options
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
    return new CatchUp(options)
  }

  /** Resolves when the record and all records before it are handled. */
  async take(record: LogRecord): Promise<void> {
    const { partition } = record
    const offset = BigInt(record.offset)
    await this.inTurn(partition, async () => {
      const known = this.next.get(partition)
      if (known === undefined || known < offset) await this.fill(partition, offset)
      await this.options.handle(record)
      this.done(partition, offset + 1n)
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
    const { topic, group, log, handle, report } = this.options
    const position = (await log.lag(topic, handledGroup(group))).find(one => one.partition === partition)
    if (position !== undefined) this.forgetEarlierTopic(position)
    const at = larger(this.next.get(partition), BigInt(position?.committed ?? 0))
    this.done(partition, at)
    if (at < to)
      report(
        undefined,
        `${topic}/${partition}: it is not known that ${group} has handled ${at} to ${to - 1n}, so it does now`,
      )
    for await (const record of readRange(log, { topic, partition, group: handledGroup(group), from: at, to })) {
      await handle(record)
      this.done(partition, BigInt(record.offset) + 1n)
    }
    this.done(partition, to)
  }

  /**
   * What was handled beyond the end of the partition was of an earlier topic of the same name: this one is handled from
   * its oldest record on. To be called in turn, with a position that was read in that turn.
   */
  private forgetEarlierTopic({ partition, committed, end }: PartitionLag): void {
    const known = this.next.get(partition)
    if (known === undefined || known <= BigInt(end)) return
    this.next.set(partition, BigInt(committed) <= BigInt(end) ? BigInt(committed) : 0n)
    this.unstored.add(partition)
    this.options.report(undefined, `${this.options.topic}/${partition} was made again: it is handled from its start`)
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
    const handled = new Map(this.next)
    const { theirs, ours } = await offsetsOf(this.options)
    const shrunk = ours.filter(({ partition, end }) => (handled.get(partition) ?? 0n) > BigInt(end))
    for (const { partition } of shrunk) await this.inTurn(partition, async () => this.fill(partition, 0n))
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
    const offsets = new Map([...this.unstored].map(partition => [partition, String(this.next.get(partition))]))
    if (offsets.size === 0) return
    this.unstored.clear()
    await log.commit(handledGroup(group), topic, offsets).catch((error: unknown) => {
      for (const partition of offsets.keys()) this.unstored.add(partition)
      throw error
    })
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
