import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Comment } from '../schemas/api.ts'
import type { History } from '../platform/ports/history.ts'
import type { Caller } from './auth.ts'
import { seesAll, visibleClass } from './visibility.ts'

type Db = Pick<History['db'], 'selectFrom'>

/**
 * The SQL condition on `comment` for what the caller may read: the student and operators everything, teachers what they
 * wrote and what was written for a class of theirs.
 */
export function visibleComments(caller: Caller, studentId: string): RawBuilder<SqlBool> {
  if (seesAll(caller, studentId)) return sql`true`
  return sql`(comment.author = ${caller.sub} or exists (select 1 from comment_class
    where comment_class.comment_id = comment.comment_id and ${visibleClass(caller, studentId, 'comment_class.class_id')}))`
}

/** How many comments on the submission of this row the caller may read. */
export const commentCount = (caller: Caller, studentId: string): RawBuilder<number> =>
  sql<number>`(select count(*)::int from comment where comment.submission_id = submission.submission_id
    and ${visibleComments(caller, studentId)})`

/** The comments on a submission that the caller may read, oldest first. */
export async function commentsOn(
  db: Db,
  caller: Caller,
  { submissionId, studentId }: { submissionId: string; studentId: string },
): Promise<Comment[]> {
  const rows = await db
    .selectFrom('comment')
    .select(['comment_id', 'author', 'line', 'text', 'created_at'])
    .where('submission_id', '=', submissionId)
    .where(visibleComments(caller, studentId))
    .orderBy('created_at')
    .orderBy('comment_id')
    .execute()
  return rows.map(({ created_at, ...row }) => ({ ...row, created_at: created_at.toISOString() }))
}
