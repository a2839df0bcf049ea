import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../history/tables.ts'

export interface MigrationReport {
  applied: string[]
  /** The path of the backup made before the upgrade of a folder that had data. */
  backup?: string
}

/**
 * The system of record: submissions, grades, inbox, outbox, audit, in PostgreSQL. Every query has a deadline. A query
 * through `db` inside a `transaction` callback would wait for itself on a single connection, so the port refuses it on
 * every driver.
 * @throws DEPENDENCY_DOWN when the database does not answer in time; STORAGE_FULL when the disk is full.
 */
export interface History extends AsyncDisposable {
  readonly db: Kysely<Tables>
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>
  migrate(): Promise<MigrationReport>
}
