import type { PGlite } from '@electric-sql/pglite'
import { types } from 'pg'
import { prepareValue } from 'pg/lib/utils.js'
import { DatabaseError, serialize } from 'pg-protocol'
import type * as messages from 'pg-protocol/dist/messages.js'
import { Parser } from 'pg-protocol/dist/parser.js'
import { isStale, Statements } from '../statements.ts'

/** What a statement gave. `count` is of the rows that it returned or changed, undefined for a command like `begin`. */
export interface Answer<R> {
  rows: R[]
  command: string
  count?: number
}

interface Column {
  name: string
  read(text: string): unknown
}

/** A plan from when a table was small would read all of it later: plans are made anew this often, in ms. */
const replanMs = 10_000

/**
 * The frontend/backend protocol of PostgreSQL (https://www.postgresql.org/docs/17/protocol-flow.html) with an instance in
 * this process. A statement is one round, and one that comes again is neither parsed nor planned again: PGlite's own
 * `query` takes six rounds, and four times as long. Values are written and read as node-postgres does.
 */
export class Wire {
  private readonly pglite: PGlite
  private readonly statements = new Statements()
  /** The columns of the statements that PostgreSQL knows by name; undefined while it has not described them. */
  private readonly prepared = new Map<string, Column[] | undefined>()
  private readonly parser = new Parser()
  private isIdle = true
  private plannedAt = performance.now()

  constructor(pglite: PGlite) {
    this.pglite = pglite
  }

  /** @throws what PostgreSQL says, as a DatabaseError with its SQLSTATE, or what PGlite throws when it breaks down. */
  async run<R>(sql: string, parameters: readonly unknown[]): Promise<Answer<R>> {
    return this.pglite.runExclusive(async () => {
      if (this.isIdle && performance.now() - this.plannedAt > replanMs) {
        await this.send([serialize.query('discard plans')])
        this.plannedAt = performance.now()
      }
      return this.extended<R>(sql, parameters)
    })
  }

  /** Runs statements without parameters in one round; the answer is that of the last one, without rows. */
  async command(sql: string): Promise<Answer<never>> {
    return this.pglite.runExclusive(async () => this.send([serialize.query(sql)]))
  }

  private async extended<R>(sql: string, parameters: readonly unknown[]): Promise<Answer<R>> {
    const name = parameters.length > 0 ? this.statements.nameOf(sql) : undefined
    const columns = this.prepared.get(name ?? '')
    const isPrepared = this.prepared.has(name ?? '')
    const values = [...parameters]
    const round = [
      ...(isPrepared ? [] : [serialize.parse({ text: sql, ...(name === undefined ? {} : { name }) })]),
      serialize.bind({ values, valueMapper: prepareValue, ...(name === undefined ? {} : { statement: name }) }),
      ...(columns === undefined ? [serialize.describe({ type: 'P' })] : []),
      serialize.execute({}),
      serialize.sync(),
    ]
    return this.send<R>(round, name, columns)
  }

  private async send<R>(round: readonly Buffer[], name?: string, known?: Column[]): Promise<Answer<R>> {
    const bytes = await this.pglite.execProtocolRaw(Buffer.concat(round))
    const answer: Answer<R> = { rows: [], command: '' }
    let columns = known
    let failure: DatabaseError | undefined
    this.parser.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), message => {
      if (message instanceof DatabaseError) failure ??= message
      else if (message.name === 'parseComplete' && name !== undefined) this.prepared.set(name, undefined)
      else if (message.name === 'rowDescription') columns = columnsOf(message as messages.RowDescriptionMessage)
      else if (message.name === 'noData') columns = []
      else if (message.name === 'dataRow') answer.rows.push(rowOf<R>(columns ?? [], message as messages.DataRowMessage))
      else if (message.name === 'commandComplete')
        Object.assign(answer, tagOf(message as messages.CommandCompleteMessage))
      else if (message.name === 'readyForQuery') this.isIdle = (message as messages.ReadyForQueryMessage).status === 'I'
    })
    if (failure !== undefined) {
      if (isStale(failure)) this.forget()
      throw failure
    }
    if (name !== undefined && columns !== undefined) this.prepared.set(name, columns)
    return answer
  }

  private forget(): void {
    this.statements.forget()
    this.prepared.clear()
  }
}

/** The list of types that node-postgres names is not all that PostgreSQL has. */
const parserOf: (type: number) => (text: string) => unknown = (types as { getTypeParser: typeof parserOf })
  .getTypeParser

const columnsOf = ({ fields }: messages.RowDescriptionMessage): Column[] =>
  fields.map(({ name, dataTypeID }) => ({ name, read: parserOf(dataTypeID) }))

function rowOf<R>(columns: readonly Column[], { fields }: messages.DataRowMessage): R {
  const row: Record<string, unknown> = {}
  for (const [at, { name, read }] of columns.entries()) {
    const text: unknown = fields[at]
    row[name] = text === null ? null : read(text as string)
  }
  return row as R
}

/** A command tag, as in `INSERT 0 1`, `UPDATE 3` or `COMMIT`. */
function tagOf({ text }: messages.CommandCompleteMessage): Pick<Answer<never>, 'command' | 'count'> {
  const [, command = text, count] = /^([A-Z ]+?)(?: (?:\d+ )?(\d+))?$/.exec(text) ?? []
  return { command, ...(count === undefined ? {} : { count: Number(count) }) }
}
