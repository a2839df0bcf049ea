import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** The content of a table: the number of rows, and a digest over all of them that does not depend on their order. */
export interface TablePrint {
  rows: number
  digest: string
}

export type Fingerprint = Record<string, TablePrint>

interface Link {
  child: string
  parent: string
}

/** The tables of the history, each after those that its rows refer to, without the record of the migrations. */
export async function tablesInOrder(db: Kysely<Tables>): Promise<string[]> {
  const { rows: all } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not like 'kysely_migration%'
      order by 1`.execute(db)
  const { rows: links } = await sql<Link>`
    select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
    where contype = 'f' and connamespace = current_schema()::regnamespace`.execute(db)
  const ordered: string[] = []
  const place = (name: string): void => {
    if (ordered.includes(name)) return
    for (const { child, parent } of links) if (child === name && parent !== name) place(parent)
    ordered.push(name)
  }
  for (const { name } of all) place(name)
  return ordered
}

/**
 * For every table the sum of 120 bits of each row's MD5: two histories have equal rows when their fingerprints are
 * equal.
 */
export async function fingerprintOf(db: Kysely<Tables>): Promise<Fingerprint> {
  const prints: Fingerprint = {}
  for (const name of await tablesInOrder(db)) {
    const part = (from: number) =>
      sql`coalesce(sum(('x' || substr(md5(to_jsonb(t)::text), ${sql.lit(from)}, 15))::bit(60)::bigint::numeric), 0)
        ::text`
    const { rows } = await sql<{ rows: number; one: string; two: string }>`
      select count(*)::int as rows, ${part(1)} as one, ${part(16)} as two from ${sql.table(name)} t`.execute(db)
    prints[name] = { rows: rows[0]?.rows ?? 0, digest: `${rows[0]?.one ?? ''}.${rows[0]?.two ?? ''}` }
  }
  return prints
}

/** The names of the tables that differ. */
export function differingTables(one: Fingerprint, other: Fingerprint): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names]
    .filter(name => one[name]?.rows !== other[name]?.rows || one[name]?.digest !== other[name]?.digest)
    .toSorted()
}

export const rowsIn = (print: Fingerprint): number => Object.values(print).reduce((sum, { rows }) => sum + rows, 0)

/** The migrations that made the tables, in order. */
export async function migrationsOf(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}
