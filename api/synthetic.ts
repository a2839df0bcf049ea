import { type RawBuilder, sql } from 'kysely'

/** Students whose ids start so are verification traffic and stay out of statistics. */
export const syntheticPrefix = 'synthetic-'

export const isSynthetic = (student: string): boolean => student.startsWith(syntheticPrefix)

/** SQL condition: the student in `column` is no synthetic one. */
export const real = (column: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} not like ${`${syntheticPrefix}%`}`
