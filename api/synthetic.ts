import { type RawBuilder, sql } from 'kysely'

/** Students whose ids begin like this are verification traffic and are left out of statistics. */
export const syntheticPrefix = 'synthetic-'

export const isSynthetic = (student: string): boolean => student.startsWith(syntheticPrefix)

/** SQL condition: the student in `column` is not synthetic. */
export const real = (column: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} not like ${`${syntheticPrefix}%`}`
