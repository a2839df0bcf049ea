import { sql } from 'kysely'
import type { Logger } from 'pino'
import { topics } from '../schemas/topics.ts'
import type { History } from '../platform/ports/history.ts'
import { keptDays } from '../api/idempotency.ts'
import { startRepeating } from './repeat.ts'

const pollMs = 3_600_000
/** The maximum of rows that one statement deletes, so that nobody waits long for its locks. */
const batch = 5_000
/**
 * Longer than the log keeps an event: as long as an event can be delivered again, its inbox row is kept, so that the
 * event is known.
 */
const inboxDays = 8

/**
 * Deletes what has expired: finished inbox rows, stored answers to idempotency keys, records past their topic's
 * retention (only those of the embedded log, since Kafka deletes its own), and expired state. The history of a student
 * is never deleted by age. Returns the number of rows deleted, by table.
 */
export async function cleanUp(history: History): Promise<Record<string, number>> {
  const old = (column: string, days: number) => sql`${sql.ref(column)} < now() - make_interval(days => ${days})`
  const deleted: Record<string, number> = {}
  const remove = async (table: string, where: ReturnType<typeof sql>): Promise<void> => {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(select ctid from ${sql.table(table)} where ${where}
          limit ${batch}))`.execute(history.db)
      deleted[table] = (deleted[table] ?? 0) + Number(numAffectedRows)
      if (numAffectedRows < batch) return
    }
  }
  await remove('inbox', sql`state <> 'queued' and ${old('finished_at', inboxDays)}`)
  await remove('idempotency_key', old('created_at', keptDays))
  await remove('state_entry', sql`expires_at < now()`)
  for (const { name, retention_ms } of topics)
    await remove('log_record', sql`topic = ${name} and at < now() - make_interval(secs => ${retention_ms / 1_000})`)
  return deleted
}

/** Cleans up at once and then every hour until it is disposed. */
export const startJanitor = ({ history, logger }: { history: History; logger: Logger }): AsyncDisposable =>
  startRepeating(pollMs, async () =>
    cleanUp(history).then(
      deleted => logger.debug(deleted, 'cleaned up'),
      (error: unknown) => logger.warn({ err: error }, 'the clean-up will be tried again in an hour'),
    ),
  )
