import type { DeadLetterLog } from '../../log/dead-letters.ts'
import type { LogRecord, PartitionLag } from '../../ports/event-log.ts'
import { readRange } from '../../log/read-range.ts'

export interface CatchUpOptions {
  topic: string
  group: string
  log: Pick<DeadLetterLog, 'lag' | 'read' | 'commit'>
  /** Resolves when the record is handled or stands among the dead letters. */
  handle(record: LogRecord): Promise<void>
  /** Told of records that had been passed over, and of questions that were not answered. */
  report(error: unknown, what: string): void
  /** How often places are stored. Every fifth time it is looked for what was passed over at the end of a partition. */
  everyMs?: number
}

const defaultMs = 1_000
const looksEvery = 5

/** The consumer group whose places say what was handled; the group itself tells only what Dapr has committed. */
export const handledGroup = (group: string): string => `${group}.handled`

/**
 * Takes records in the order of their partitions, without gaps. Dapr can commit a record that its agent never handled (docs/decisions/0006),
 * so what is handled has places of its own: before a record that does not follow the last one, and where Dapr has committed more than was
 * handled, the records in between are read from the log itself and handled first. What another process handled since it last stored its
 * places comes twice, as it may. Disposing stores them.
 */
export class CatchUp implements AsyncDisposable {
  private readonly options: CatchUpOptions
  private readonly next = new Map<number, bigint>()
  private readonly unstored = new Set<number>()
  private readonly turns = new Map<number, Promise<void>>()
  private readonly timer: NodeJS.Timeout
  /** Where Dapr stood at the last two looks. */
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

  /** To be started before Dapr delivers anything. @throws DEPENDENCY_DOWN, NOT_FOUND */
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

  /** Resolves when the record, and all before it, are handled. */
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

  /** One record of a partition after the other, also when Dapr begins anew while an earlier delivery is still in hand. */
  private async inTurn(partition: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(partition) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => {})
    this.turns.set(partition, settled)
    await turn
  }

  /** Handles what stands between the last record known to be handled and `to`. */
  private async fill(partition: number, to: bigint): Promise<void> {
    const { topic, group, log, handle, report } = this.options
    const position = (await log.lag(topic, handledGroup(group))).find(one => one.partition === partition)
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

  private async tick(): Promise<void> {
    this.ticks += 1
    try {
      if (this.ticks % looksEvery === 0) await this.look()
      await this.store()
    } catch (error) {
      this.options.report(error, 'how far the log is handled could not be seen or stored now')
    }
  }

  /** What Dapr had committed two looks ago and is still not known to be handled is in nobody's hands. */
  private async look(): Promise<void> {
    const { theirs, ours } = await offsetsOf(this.options)
    const [before] = this.committed
    this.committed = [
      this.committed[1],
      new Map(
        theirs.filter(({ started }) => started).map(position => [position.partition, BigInt(position.committed)]),
      ),
    ]
    await Promise.all(ours.map(async position => this.catchUpTo(before.get(position.partition) ?? 0n, position)))
  }

  private async catchUpTo(to: bigint, { partition, committed }: PartitionLag): Promise<void> {
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

/** Where Dapr stands, and what is handled. */
async function offsetsOf({
  topic,
  group,
  log,
}: CatchUpOptions): Promise<{ theirs: PartitionLag[]; ours: PartitionLag[] }> {
  const [theirs, ours] = await Promise.all([log.lag(topic, group), log.lag(topic, handledGroup(group))])
  return { theirs, ours }
}

const larger = (one: bigint | undefined, other: bigint): bigint => (one !== undefined && one > other ? one : other)
