import { sql } from 'kysely'
import type { History } from '../ports/history.ts'
import { tablesInOrder } from './fingerprint.ts'

/** A larger table would keep the database from answering for too long. */
const maxBytes = 256 * 2 ** 20
const lockSeconds = 2

/**
 * Rewrites every table, so that no byte of a deleted row is left in its file, then removes the write-ahead log from
 * before. Returns the tables that were left because they are too large. Nothing else uses a table while it is
 * rewritten.
 */
export async function scrub({ db }: Pick<History, 'db'>): Promise<string[]> {
  const left: string[] = []
  await db.connection().execute(async connection => {
    const run = async (statement: string): Promise<void> => void (await sql.raw(statement).execute(connection))
    await run(`set lock_timeout = '${lockSeconds}s'`)
    try {
      const { rows } = await sql<{ name: string; bytes: string }>`
        select relname as name, pg_total_relation_size(oid)::text as bytes from pg_class
        where relname in (${sql.join(await tablesInOrder(connection))}) and relkind = 'r'`.execute(connection)
      for (const { name, bytes } of rows)
        if (Number(bytes) > maxBytes) left.push(name)
        else await run(`vacuum (full, analyze) "${name}"`)
      // The statistics of the planner hold values of rows.
      await run('vacuum (full) pg_catalog.pg_statistic')
      // Only a superuser may set it; where the server has it already, its owner needs not.
      const { rows: recycles } = await sql<{ wal_recycle: string }>`show wal_recycle`.execute(connection)
      if (recycles[0]?.wal_recycle !== 'off') await run('set wal_recycle = off')
      // A segment goes with the first checkpoint that begins after it.
      for (let times = 0; times < 2; times += 1) {
        await run('select pg_switch_wal()')
        await run('checkpoint')
      }
    } finally {
      await run('reset lock_timeout')
    }
  })
  return left
}

/** Gives the room of deleted rows back to the tables, where no autovacuum does. */
export async function reclaim({ db }: Pick<History, 'db'>): Promise<void> {
  for (const name of await tablesInOrder(db)) await sql.raw(`vacuum "${name}"`).execute(db)
}
