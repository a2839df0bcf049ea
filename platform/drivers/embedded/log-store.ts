import { sql } from 'kysely'
import { PlatformError } from '../../errors.ts'
import { lagOf } from '../../log/lag.ts'
import type { LogRecord, Message, PartitionLag } from '../../ports/event-log.ts'
import type { History } from '../../ports/history.ts'

export type LogStore = ReturnType<typeof logStore>

const page = 500

const unknownTopic = (topic: string): PlatformError =>
  new PlatformError('NOT_FOUND', `there is no topic ${topic}`, { hint: 'learnflow up creates what is missing.' })

/**
 * The rows of the log; `platform/history/migrations/0002-embedded-engines.sql` describes the tables. Offsets are 64
 * bits: text here, bigint in arithmetic.
 */
export const logStore = (history: History) => ({
  ...topicRows(history),
  ...recordRows(history),
  ...commitRows(history),
})

function topicRows(history: History) {
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
      return made.length > 0 ? ('created' as const) : ('unchanged' as const)
    },
    /** @throws NOT_FOUND */
    async partitions(topic: string): Promise<number> {
      const { partitions } = await history.db
        .selectFrom('log_partition')
        .select(({ fn }) => fn.countAll<string>().as('partitions'))
        .where('topic', '=', topic)
        .executeTakeFirstOrThrow()
      if (Number(partitions) === 0) throw unknownTopic(topic)
      return Number(partitions)
    },
  }
}

function recordRows(history: History) {
  return {
    /**
     * Partitions are locked in a fixed order, so that two publishers cannot deadlock. Returns what was stored, by
     * partition.
     */
    async append(topic: string, messages: readonly (Message & { partition: number })[]) {
      const batches = [...Map.groupBy(messages, message => message.partition)].toSorted(([one], [other]) => one - other)
      const stored = new Map<number, LogRecord[]>()
      await history.transaction(async trx => {
        stored.clear()
        for (const [partition, batch] of batches) {
          const row = await trx
            .updateTable('log_partition')
            .set(({ eb }) => ({ next_offset: eb('next_offset', '+', String(batch.length)) }))
            .where('topic', '=', topic)
            .where('partition', '=', partition)
            .returning('next_offset')
            .executeTakeFirst()
          if (row === undefined) throw unknownTopic(`${topic}/${partition}`)
          const first = BigInt(row.next_offset) - BigInt(batch.length)
          const records = batch.map(({ key, value }, at) => ({
            topic,
            partition,
            offset: String(first + BigInt(at)),
            key,
            value,
          }))
          await sql`
            insert into log_record (topic, partition, log_offset, key, value)
            select ${topic}, ${partition}::integer, *
            from unnest(${records.map(({ offset }) => offset)}::bigint[], ${records.map(({ key }) => key)}::text[],
              ${records.map(({ value }) => value)}::text[])`.execute(trx)
          stored.set(partition, records)
        }
      })
      return stored
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
  }
}

function commitRows(history: History) {
  const together = committer(history)
  return {
    /** @throws NOT_FOUND */
    async lag(topic: string, group: string): Promise<PartitionLag[]> {
      // Records removed by retention count for no group: it continues at the oldest record that is left.
      const { rows } = await sql<{ partition: number; end: string; low: string; committed: string | null }>`
        select p.partition, p.next_offset as end, c.committed, coalesce(
          (select min(log_offset) from log_record r where r.topic = p.topic and r.partition = p.partition),
          p.next_offset) as low
        from log_partition p left join log_commit c
          on c.topic = p.topic and c.partition = p.partition and c.group_name = ${group}
        where p.topic = ${topic} order by p.partition`.execute(history.db)
      if (rows.length === 0) throw unknownTopic(topic)
      return rows.map(({ partition, end, low, committed }) =>
        lagOf({ partition, low: String(low), end: String(end), committed: String(committed ?? -1) }),
      )
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
    commit: async (group: string, { topic, partition }: { topic: string; partition: number }, committed: string) =>
      together({ group, topic, partition, committed }),
  }
}

interface Commit {
  group: string
  topic: string
  partition: number
  committed: string
}

/** Writes commits in one statement with all others that are asked for while an earlier statement is under way. */
function committer(history: History): (commit: Commit) => Promise<void> {
  let waiting = new Map<string, Commit>()
  let last = Promise.resolve()
  let next: Promise<void> | undefined
  const write = async (): Promise<void> => {
    const commits = [...waiting.values()]
    waiting = new Map()
    next = undefined
    await sql`
      insert into log_commit (group_name, topic, partition, committed)
      select * from unnest(${commits.map(({ group }) => group)}::text[], ${commits.map(({ topic }) => topic)}::text[],
        ${commits.map(({ partition }) => partition)}::integer[], ${commits.map(({ committed }) => committed)}::bigint[])
      on conflict (group_name, topic, partition) do update set committed = excluded.committed`.execute(history.db)
  }
  return async commit => {
    waiting.set(`${commit.group} ${commit.topic} ${commit.partition}`, commit)
    next ??= last.then(write)
    last = next.catch(() => {})
    return next
  }
}
