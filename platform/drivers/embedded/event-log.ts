import { EventEmitter } from 'node:events'
import { sql } from 'kysely'
import { DeadLetter } from '../../../schemas/dead-letter.ts'
import { partitionOf } from '../../../schemas/partitioner.ts'
import { deadLetterQueue } from '../../../schemas/topics.ts'
import { PlatformError } from '../../errors.ts'
import type { EventLog, LogRecord, Message, PartitionLag } from '../../ports/event-log.ts'
import type { History } from '../../ports/history.ts'
import { consumerGroups, wakeUp } from './consumer-group.ts'

const replayGroup = 'replay'
const page = 500

/** A partitioned log in the embedded database; what the tables mean stands in `platform/migrations/0002-embedded-engines.sql`. It lives as long as the history it stands on. */
export function embeddedLog(history: History): EventLog {
  const appended = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const store = logStore(history)
  const publish = async (topic: string, messages: readonly Message[]): Promise<void> => {
    if (messages.length === 0) return
    const partitions = await store.partitions(topic)
    const placed = messages.map(message => ({ ...message, partition: partitionOf(message.key, partitions) }))
    await store.append(topic, placed)
    for (const partition of new Set(placed.map(message => message.partition))) appended.emit(wakeUp(topic, partition))
  }
  const bury = async (letter: DeadLetter): Promise<void> => publish(deadLetterQueue.name, [{ key: letter.key, value: JSON.stringify(letter) }])
  const groups = consumerGroups(store, appended, bury)
  const unreplayed = async (limit: number): Promise<{ letter: DeadLetter; record: LogRecord }[]> => {
    const pages = (await store.lag(deadLetterQueue.name, replayGroup)).map(async ({ partition, committed }) =>
      store.read(deadLetterQueue.name, partition, committed, limit),
    )
    const letters = (await Promise.all(pages)).flat().map(record => ({ record, letter: DeadLetter.parse(JSON.parse(record.value)) }))
    return letters.toSorted((one, other) => one.letter.time.localeCompare(other.letter.time)).slice(0, limit)
  }
  return {
    topics: async () => store.topics(),
    createTopic: async topic => store.createTopic(topic.name, topic.partitions),
    publish,
    subscribe: async options => groups.join(options, await store.partitions(options.topic)),
    lag: async (topic, group) => store.lag(topic, group),
    read: async (topic, partition, from, limit) => store.read(topic, partition, from, limit),
    deadLetters: async limit => (await unreplayed(limit)).map(({ letter }) => letter),
    async replay(code) {
      const done: Record<string, number> = {}
      // At least once: what matches goes back to its topic, the rest behind the queue's end, and only then the place is committed.
      for (const { letter, record } of await unreplayed(Number.MAX_SAFE_INTEGER)) {
        if (code === undefined || letter.code === code) {
          await publish(letter.topic, [{ key: letter.key, value: letter.value }])
          done[letter.code] = (done[letter.code] ?? 0) + 1
        } else await bury(letter)
        await store.commit(replayGroup, record, String(Number(record.offset) + 1))
      }
      return done
    },
    [Symbol.asyncDispose]: async () => groups.close(),
  }
}

export type LogStore = ReturnType<typeof logStore>

function logStore(history: History) {
  const counts = new Map<string, number>()
  return {
    async topics() {
      const rows = await history.db
        .selectFrom('log_partition')
        .select(({ fn }) => ['topic', fn.countAll<string>().as('partitions')])
        .groupBy('topic')
        .orderBy('topic')
        .execute()
      return rows.map(row => ({ name: row.topic, partitions: Number(row.partitions) }))
    },
    async createTopic(topic: string, partitions: number) {
      const rows = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
      const made = await history.db
        .insertInto('log_partition')
        .values(rows)
        .onConflict(oc => oc.doNothing())
        .returning('partition')
        .execute()
      counts.delete(topic)
      return made.length > 0 ? ('created' as const) : ('unchanged' as const)
    },
    async partitions(topic: string) {
      const known = counts.get(topic) ?? (await this.topics()).find(({ name }) => name === topic)?.partitions
      if (known === undefined) throw new PlatformError('NOT_FOUND', `there is no topic ${topic}`, { hint: 'learnflow up creates what is missing.' })
      counts.set(topic, known)
      return known
    },
    async append(topic: string, messages: readonly (Message & { partition: number })[]) {
      await history.transaction(async trx => {
        for (const [partition, batch] of Map.groupBy(messages, message => message.partition)) {
          const { next_offset } = await trx
            .updateTable('log_partition')
            .set(({ eb }) => ({ next_offset: eb('next_offset', '+', batch.length) }))
            .where('topic', '=', topic)
            .where('partition', '=', partition)
            .returning('next_offset')
            .executeTakeFirstOrThrow()
          const first = Number(next_offset) - batch.length
          await trx
            .insertInto('log_record')
            .values(batch.map(({ key, value }, at) => ({ topic, partition, log_offset: first + at, key, value })))
            .execute()
        }
      })
    },
    async read(topic: string, partition: number, from: string, limit: number): Promise<LogRecord[]> {
      const rows = await history.db
        .selectFrom('log_record')
        .selectAll()
        .where('topic', '=', topic)
        .where('partition', '=', partition)
        .where('log_offset', '>=', from)
        .orderBy('log_offset')
        .limit(Math.min(limit, page))
        .execute()
      return rows.map(row => ({ topic, partition, offset: String(row.log_offset), key: row.key, value: row.value }))
    },
    async lag(topic: string, group: string): Promise<PartitionLag[]> {
      const { rows } = await sql<{ partition: number; end: string; committed: string }>`
        select p.partition, p.next_offset as end, coalesce(c.committed, 0) as committed from log_partition p
        left join log_commit c on c.topic = p.topic and c.partition = p.partition and c.group_name = ${group}
        where p.topic = ${topic} order by p.partition`.execute(history.db)
      return rows.map(({ partition, end, committed }) => ({ partition, end: String(end), committed: String(committed), lag: Number(end) - Number(committed) }))
    },
    async committed(group: string, topic: string, partition: number) {
      const row = await history.db
        .selectFrom('log_commit')
        .select('committed')
        .where('group_name', '=', group)
        .where('topic', '=', topic)
        .where('partition', '=', partition)
        .executeTakeFirst()
      return String(row?.committed ?? 0)
    },
    async commit(group: string, { topic, partition }: { topic: string; partition: number }, committed: string) {
      await history.db
        .insertInto('log_commit')
        .values({ group_name: group, topic, partition, committed })
        .onConflict(oc => oc.columns(['group_name', 'topic', 'partition']).doUpdateSet({ committed }))
        .execute()
    },
  }
}
