import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'

/**
 * The database's clock rounded up to the ms, so that no grade of this moment is left out, whatever this machine's clock
 * shows.
 */
export async function nowOf(db: Kysely<Tables>): Promise<Date> {
  const { rows } = await sql<{
    ms: number | string
  }>`select ceil(extract(epoch from clock_timestamp()) * 1000) as ms`.execute(db)
  return new Date(Number(rows[0]?.ms))
}
