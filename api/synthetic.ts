import { type RawBuilder, sql } from 'kysely'
import { syntheticPrefix } from '../schemas/words.ts'

/** SQL condition: the student in `column` is not synthetic. */
export const real = (column: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} not like ${`${syntheticPrefix}%`}`
