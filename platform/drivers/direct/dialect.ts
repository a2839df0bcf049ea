import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { PlatformError } from '../../errors.ts'
import { isStale, Statements } from '../statements.ts'

/**
 * Kysely on a pool. Its own PostgresDialect can neither distinguish a dead server from a wrong statement nor drop a
 * connection that timed out.
 */
export function poolDialect(pool: Pool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver(pool, new Statements()),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** One client of the pool; `lost` when its state is unknown, so that it is not reused. */
class Connection implements DatabaseConnection {
  readonly client: PoolClient
  private readonly statements: Statements
  lost = false
  constructor(client: PoolClient, statements: Statements) {
    this.client = client
    this.statements = statements
  }
  async run(text: string, parameters: readonly unknown[]) {
    try {
      const name = parameters.length > 0 ? this.statements.nameOf(text) : undefined
      return await this.client.query<Record<string, unknown>>({
        text,
        values: [...parameters],
        ...(name === undefined ? {} : { name }),
      })
    } catch (error) {
      if (isStale(error)) this.statements.forget()
      const known = translated(error)
      if (known !== error) this.lost = true
      throw known
    }
  }
  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, command, rowCount } = await this.run(sql, parameters)
    const counted = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command) && rowCount !== null
    return { rows: rows as R[], ...(counted ? { numAffectedRows: BigInt(rowCount) } : {}) }
  }
  streamQuery(): never {
    throw new Error('no driver streams rows: read them by pages')
  }
}

function driver(pool: Pool, statements: Statements): Driver {
  const ours = (connection: DatabaseConnection): Connection => {
    if (connection instanceof Connection) return connection
    throw new TypeError('a connection of another driver')
  }
  return {
    async init() {},
    async acquireConnection() {
      try {
        return new Connection(await pool.connect(), statements)
      } catch (error) {
        throw translated(error)
      }
    },
    beginTransaction: async connection => void (await ours(connection).run('begin', [])),
    async commitTransaction(connection) {
      // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and the callback continued anyway.
      if ((await ours(connection).run('commit', [])).command === 'ROLLBACK') throw new AbortedTransactionError()
    },
    async rollbackTransaction(connection) {
      const { lost } = ours(connection)
      // The server rolls back by itself when the connection closes.
      if (!lost) await ours(connection).run('rollback', [])
    },
    async releaseConnection(connection) {
      const { client, lost } = ours(connection)
      client.release(lost)
    },
    destroy: async () => pool.end(),
  }
}

/**
 * Classes and codes of https://www.postgresql.org/docs/15/errcodes-appendix.html: connection, login, shutdown, too
 * many clients, a statement out of time.
 */
const down = /^08|^28|^57P|^53300$|^57014$|^55P03$/

/**
 * Errors about the statement itself are passed on; errors that mean the server is unreachable become DEPENDENCY_DOWN.
 */
function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PlatformError) return error
  const { code = '' } = error as { code?: string }
  const isState = /^[0-9A-Z]{5}$/.test(code)
  if (isStale(error))
    return new PlatformError('DEPENDENCY_DOWN', `the tables of PostgreSQL were changed meanwhile: ${error.message}`, {
      hint: 'Try again.',
      cause: error,
    })
  if (code === '53100')
    return new PlatformError('STORAGE_FULL', `the disk of PostgreSQL is full: ${error.message}`, {
      hint: 'Free some space there.',
      cause: error,
    })
  if (isState && !down.test(code)) return error
  if (!isState && error instanceof TypeError) return error
  return new PlatformError(
    'DEPENDENCY_DOWN',
    `PostgreSQL ${code.startsWith('28') ? 'refuses the login' : 'does not answer'}: ${error.message === '' ? code : error.message}`,
    {
      hint: 'learnflow status; the postgres skill starts it.',
      cause: error,
    },
  )
}
