import { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import { partitionOf } from '../../../schemas/partitioner.ts'
import { deliveryDeps } from '../../log/delivery-deps.ts'
import { PlatformError } from '../../errors.ts'
import type { EventLog, LogRecord, Message } from '../../ports/event-log.ts'
import { within } from '../../steps.ts'
import type { History } from '../../ports/history.ts'
import { consumerGroups } from './consumer-group.ts'
import { type Appended, wakeUp } from './partition-reader.ts'
import { logStore } from './log-store.ts'

/**
 * A partitioned log in the embedded database. It is closed with the history that it uses; `logger` gets failures that
 * are retried.
 */
export function embeddedLog(history: History, logger: Pick<Logger, 'warn'>): EventLog {
  const appended: Appended = new EventEmitter<Record<string, [readonly LogRecord[]]>>().setMaxListeners(0)
  const store = logStore(history)
  const counts = new Map<string, number>()
  const partitions = async (topic: string): Promise<number> => {
    const known = counts.get(topic) ?? (await store.partitions(topic))
    counts.set(topic, known)
    return known
  }
  const publish = async (topic: string, messages: readonly Message[]): Promise<void> => {
    if (messages.length === 0) return
    const among = await partitions(topic)
    const placed = messages.map(message => ({ ...message, partition: partitionOf(message.key, among) }))
    const stored = await within('log:publish', { topic, messages: placed.length }, async () =>
      store.append(topic, placed),
    )
    for (const [partition, records] of stored) appended.emit(wakeUp(topic, partition), records)
  }
  const groups = consumerGroups(store, appended, deliveryDeps(publish, logger))
  return {
    topics: store.topics,
    async createTopic(topic) {
      const made = await store.createTopic(topic.name, topic.partitions)
      if (made === 'created') {
        counts.delete(topic.name)
        await groups.resize(topic.name, await partitions(topic.name))
      }
      return made
    },
    publish,
    subscribe: async options => groups.join(options, (await store.lag(options.topic, options.group)).length),
    lag: store.lag,
    async members(topic, group) {
      await partitions(topic)
      return groups.members(topic, group)
    },
    async read(topic, partition, from, limit) {
      if (partition >= (await partitions(topic)))
        throw new PlatformError('NOT_FOUND', `${topic} has no partition ${partition}`, {
          hint: 'learnflow kafka-topics list shows them.',
        })
      return store.read(topic, partition, from, limit)
    },
    [Symbol.asyncDispose]: async () => groups.close(),
  }
}
