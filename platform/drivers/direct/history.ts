import { Kysely } from 'kysely'
import { Pool } from 'pg'
import { migrateTo } from '../../history/migrate.ts'
import { saveHistory } from '../../history/save.ts'
import type { History } from '../../ports/history.ts'
import type { Tables } from '../../history/tables.ts'
import { guardTransactions } from '../../history/transactions.ts'
import { poolDialect } from './dialect.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  url: string
  /** The deadline of one query and of getting a connection, in seconds. */
  querySeconds: number
  /** The maximum number of connections of this process. */
  connections?: number
  /** The folder for the copy of all rows that is made before a migration; without it none is made. */
  backups?: string
  /** Called for connections that were lost while idle. */
  report: (error: unknown, what: string) => void
}

const graceMs = 500

/**
 * The history in a PostgreSQL server. It connects on first use, and reconnects after the server was away.
 */
export function postgresHistory({ url, querySeconds, connections = 10, backups, report }: PostgresOptions): History {
  const deadlineMs = querySeconds * 1_000
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: deadlineMs,
    // The server ends a late statement; the client gives up on a server that does not do even that.
    statement_timeout: deadlineMs,
    query_timeout: deadlineMs + graceMs,
    idle_in_transaction_session_timeout: 2 * deadlineMs,
    keepAlive: true,
    application_name: 'learnflow',
  })
  const lost = (error: Error): void => report(error, 'a connection to PostgreSQL was lost')
  pool.on('error', lost)
  // A connection in use has no other error listener, and an unhandled error event would end this process; its user gets
  // the error as well.
  pool.on('connect', client => client.on('error', lost))
  const kysely = new Kysely<Tables>({ dialect: poolDialect(pool) })
  const guarded = guardTransactions(kysely)
  const save = async (): Promise<string | undefined> =>
    backups === undefined ? undefined : (await saveHistory(guarded, backups, true)).file
  return {
    ...guarded,
    migrate: async () => migrateTo(kysely, save),
    async [Symbol.asyncDispose]() {
      await kysely.destroy()
      // A Kysely instance that was never used does not end the pool.
      if (!pool.ending) await pool.end()
    },
  }
}
