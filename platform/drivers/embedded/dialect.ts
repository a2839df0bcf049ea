import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database } from './database.ts'

/** Matches statements that may write; `with` only when a part of it writes. */
const writing = /^\s*(?!select\b|show\b|with\b)|^\s*with\b[^]*\b(?:insert\s+into|update|delete\s+from)\b/i

/**
 * Kysely on the embedded database: one connection that Kysely hands out in turn. Its own PGliteDialect waits forever
 * for a transaction that cannot begin, and allows no deadline on the commit.
 */
export function embeddedDialect(database: Database): Dialect {
  return {
    createAdapter: () => new PGliteAdapter(),
    createDriver: () => driver(database),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

function driver(database: Database): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      if (writing.test(sql)) await database.guardSpace()
      const { rows, command, count } = await database.query<R>(sql, parameters)
      const changed = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command) && count !== undefined
      return { rows, ...(changed ? { numAffectedRows: BigInt(count) } : {}) }
    },
    streamQuery() {
      throw new Error('the embedded database streams no rows: read them by pages')
    },
  }
  return {
    async init() {},
    acquireConnection: async () => connection,
    async beginTransaction() {
      await database.guardSpace()
      await database.command('begin')
    },
    async commitTransaction() {
      // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and the callback continued anyway.
      if ((await database.command('commit')) === 'ROLLBACK') throw new AbortedTransactionError()
    },
    async rollbackTransaction() {
      await database.command('rollback')
    },
    async releaseConnection() {},
    destroy: async () => database.close(),
  }
}
