import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Names of columns that hold the id of a student in any table. */
const studentColumns = ['student_id', 'lane', 'key', 'subject', 'actor'] as const

/** Columns of those names that are not used for deleting, each with the reason. */
export const exceptions: Readonly<Record<string, string>> = {
  'audit.subject': 'audit rows stay, with a keyed hash in place of the name',
  'audit.actor': 'audit rows stay, with a keyed hash in place of the name',
  'idempotency_key.key': 'a word that the client chose; the row goes by its student_id',
  'state_entry.key': 'the name of a state, which is deleted through the state store of whatever target',
}

/** Columns that name whoever did something to a row that stays: of the erased they hold a keyed hash. */
const actorColumns = ['actor', 'owner', 'assigned_by', 'invited_by', 'author'] as const

/** Excludes rows that belong to no student: the relay keeps its lease in a lane named `outbox`. */
const ownRows: Readonly<Record<string, RawBuilder<unknown>>> = { lane: sql`consumer <> 'relay'` }

/** A table with rows of students, and the condition that selects the rows of one student. */
export interface StudentTable {
  name: string
  /** The columns that hold the id itself; none when the rows hang on those of another table. */
  columns: readonly string[]
  of(studentId: string): RawBuilder<unknown>
}

interface ForeignKey {
  child: string
  child_column: string
  parent: string
  parent_column: string
}

/** Where a name is replaced, from the database's catalogue; `lane.owner` is a process. */
export async function actorFields(db: Kysely<Tables>): Promise<{ name: string; column: string }[]> {
  const found = await columnsNamed(db, actorColumns)
  return [...found.filter(({ name }) => name !== 'lane'), { name: 'audit', column: 'subject' }]
}

/**
 * Every table with rows of students, from the database's catalogue: tables with a student column, and tables that refer
 * to those by a foreign key. `lane` comes first, so that a worker loses its claim; otherwise a table comes before the
 * one it refers to.
 */
export async function studentTables(db: Kysely<Tables>): Promise<StudentTable[]> {
  const columns = Map.groupBy(
    (await columnsNamed(db, studentColumns)).filter(
      ({ name, column }) => exceptions[`${name}.${column}`] === undefined,
    ),
    ({ name }) => name,
  )
  const keys = await readForeignKeys(db)
  const names = new Set(columns.keys())
  // The loop also visits the names that it adds to the set.
  for (const name of names) for (const { child, parent } of keys) if (parent === name) names.add(child)
  const parentsOf = (name: string): ForeignKey[] =>
    keys.filter(({ child, parent }) => child === name && parent !== name && names.has(parent))
  const depth = (name: string): number => Math.max(0, ...parentsOf(name).map(({ parent }) => depth(parent) + 1))
  const rank = (name: string): number => (name === 'lane' ? -Infinity : -depth(name))
  const of = (name: string, studentId: string): RawBuilder<unknown> => {
    const own = (columns.get(name) ?? []).map(({ column }) => sql`${sql.ref(column)} = ${studentId}`)
    const hanging = parentsOf(name).map(
      ({ child_column, parent, parent_column }) =>
        sql`${sql.ref(child_column)} in (select ${sql.ref(parent_column)} from ${sql.table(parent)}
          where ${of(parent, studentId)})`,
    )
    const rows = sql`(${sql.join(own.length > 0 ? own : hanging, sql` or `)})`
    const narrower = ownRows[name]
    return narrower === undefined ? rows : sql`${rows} and ${narrower}`
  }
  return [...names]
    .toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other))
    .map(name => ({
      name,
      columns: (columns.get(name) ?? []).map(({ column }) => column),
      of: studentId => of(name, studentId),
    }))
}

async function columnsNamed(
  db: Kysely<Tables>,
  columns: readonly string[],
): Promise<{ name: string; column: string }[]> {
  const { rows } = await sql<{ name: string; column: string }>`
    select table_name::text as name, column_name::text as "column"
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and column_name in (${sql.join(columns)})
    order by 1, 2`.execute(db)
  return rows
}

/** Foreign keys of one column only, because one part of a longer key could match rows of other students. */
async function readForeignKeys(db: Kysely<Tables>): Promise<ForeignKey[]> {
  const { rows } = await sql<ForeignKey>`
    select child.relname::text as child, child_column.attname::text as child_column,
      parent.relname::text as parent, parent_column.attname::text as parent_column
    from pg_constraint
    join pg_class child on child.oid = conrelid
    join pg_class parent on parent.oid = confrelid
    join pg_attribute child_column on child_column.attrelid = conrelid and child_column.attnum = conkey[1]
    join pg_attribute parent_column on parent_column.attrelid = confrelid and parent_column.attnum = confkey[1]
    where contype = 'f' and cardinality(conkey) = 1 and child.relnamespace = current_schema()::regnamespace`.execute(db)
  return rows
}
