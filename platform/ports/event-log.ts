import type { Topic } from '../../schemas/topics.ts'

/** A message to append; `partition` = `partitionOf(key)`. */
export interface Message {
  key: string
  value: string
}

/** A stored message; `offset` counts up per partition, as a decimal string (Kafka's are 64 bits). */
export interface LogRecord extends Message {
  topic: string
  partition: number
  offset: string
}

/**
 * The actual state of a topic. Where the log is replicated and has settings per topic (the embedded one has neither):
 * the lowest number of replicas of any partition, the lowest number in sync, and the settings.
 */
export type TopicState = Pick<Topic, 'name' | 'partitions'> & Partial<Topic> & { in_sync?: number }

/**
 * Per partition: the offset after the newest message, the next one the group will read, their difference, and whether
 * the group ever committed.
 */
export interface PartitionLag {
  partition: number
  end: string
  committed: string
  lag: number
  started: boolean
}

/**
 * A running member of a consumer group. Disposing it drains: the current record is finished and committed, then the
 * partitions are released.
 */
export interface Subscription extends AsyncDisposable {
  /** The partitions this member holds now. */
  assigned(): readonly number[]
}

export interface SubscribeOptions {
  topic: string
  group: string
  /** Resolving acknowledges the record, so the handler must have stored its effects by then. */
  handle(record: LogRecord): Promise<void>
  /**
   * Handles several records of one partition in their order, all or none, where a driver has them together. When it
   * throws, each of them is given to `handle` by itself.
   */
  handleAll?(records: readonly LogRecord[]): Promise<void>
}

/**
 * A partitioned log with consumer groups: order per key, at-least-once delivery, offsets per group, a group's
 * partitions shared among its members. One call of `handle` or `handleAll` runs at a time per partition. When `handle` throws: a
 * PlatformError whose code must not be retried sends the record to `dead-letter.queue` at once; a retryable one is
 * retried with backoff (at most 5 s apart) for as long as it takes; anything else is tried 5 times, then dead-lettered
 * as INTERNAL. The partition continues after a dead letter, and stops while the dead letter itself cannot be written. A
 * new group starts at the oldest message.
 * @throws DEPENDENCY_DOWN from every method when the log does not answer; NOT_FOUND for an unknown topic.
 */
export interface EventLog extends AsyncDisposable {
  topics(): Promise<TopicState[]>
  /**
   * Creates a topic and missing partitions of it, and corrects its settings. Surplus partitions and missing replicas
   * cannot be corrected: `topics` reports them.
   */
  createTopic(topic: Topic): Promise<'created' | 'updated' | 'unchanged'>
  /** Resolves when every message is durable; per key in the order given. */
  publish(topic: string, messages: readonly Message[]): Promise<void>
  subscribe(options: SubscribeOptions): Promise<Subscription>
  lag(topic: string, group: string): Promise<PartitionLag[]>
  /**
   * Per member of a consumer group, in any process, the partitions of `topic` that it holds. Empty for a group without
   * members.
   */
  members(topic: string, group: string): Promise<number[][]>
  /** Up to `limit` records of one partition from `from` on. */
  read(topic: string, partition: number, from: string, limit: number): Promise<LogRecord[]>
  /**
   * Deletes the records before these offsets, by partition, that are also older than `before`. Only a log has it that
   * cannot delete the records of one key.
   */
  forget?(topic: string, ends: ReadonlyMap<number, string>, before?: Date): Promise<void>
}
