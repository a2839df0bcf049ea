import { sql, type SqlBool, type RawBuilder } from 'kysely'
import * as z from 'zod'
import { PlatformError } from '../platform/errors.ts'

/** The query of a list: newest first, `limit` per page; `cursor` is `next` of the page before. */
export const Paging = {
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(100).optional(),
}

/** What `cursorOf` hid in a cursor, if it has this shape. @throws INVALID_INPUT */
export function readCursor<Place>(cursor: string, shape: z.ZodType<Place>): Place {
  const { data } = shape.safeParse(Buffer.from(cursor, 'base64url').toString())
  if (data !== undefined) return data
  throw new PlatformError('INVALID_INPUT', 'query.cursor: is not a cursor of ours', {
    hint: 'Pass `next` of the page before, unchanged, or no cursor.',
  })
}

/** A cursor that stands for a place in a list. */
export const cursorOf = (place: string): string => Buffer.from(place).toString('base64url')

/** The SQL condition on `submission` for the rows after the previous page. @throws INVALID_INPUT */
export function afterCursor(cursor: string | undefined): RawBuilder<SqlBool> {
  if (cursor === undefined) return sql`true`
  const id = readCursor(cursor, z.uuid())
  return sql`(submission.received_at, submission.submission_id) < (select received_at, submission_id from submission
    where submission_id = ${id})`
}

/** Cuts the extra row that was read, and makes the cursor of the next page if there was one. */
export function pageOf<Row extends { submission_id: string }>(
  rows: Row[],
  limit: number,
): { rows: Row[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page,
    next: rows.length > limit && last !== undefined ? cursorOf(last.submission_id) : null,
  }
}
