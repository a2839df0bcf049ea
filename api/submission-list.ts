import { sql } from 'kysely'
import type * as z from 'zod'
import type { SubmissionPage } from '../schemas/api.ts'
import type { Caller } from './auth.ts'
import { commentCount } from './comment-rows.ts'
import type { Context } from './context.ts'
import { lateFor } from './lateness.ts'
import { afterCursor, pageOf } from './paging.ts'

/** What the caller handed in. */
export async function listSubmissions(
  { ports }: Context,
  caller: Caller,
  { limit, cursor, exercise_id }: { limit: number; cursor?: string | undefined; exercise_id?: string | undefined },
): Promise<z.infer<typeof SubmissionPage>> {
  const found = await ports.history.db
    .selectFrom('submission')
    .innerJoin('request', 'request.request_id', 'submission.submission_id')
    .leftJoinLateral(
      eb =>
        eb
          .selectFrom('grade')
          .select(['grade.verdict', 'grade.score'])
          .whereRef('grade.submission_id', '=', 'submission.submission_id')
          .orderBy('grade.exercise_version', 'desc')
          .limit(1)
          .as('newest'),
      join => join.onTrue(),
    )
    .select([
      'submission.submission_id',
      'submission.exercise_id',
      'submission.exercise_version',
      'submission.attempt',
      'submission.received_at',
      'request.status',
      'newest.verdict',
      'newest.score',
      lateFor(caller, caller.sub).as('late_for'),
      commentCount(caller, caller.sub).as('comments'),
    ])
    .where('submission.student_id', '=', caller.sub)
    .where(exercise_id === undefined ? sql<boolean>`true` : sql<boolean>`submission.exercise_id = ${exercise_id}`)
    .where(afterCursor(cursor))
    .orderBy('submission.received_at', 'desc')
    .orderBy('submission.submission_id', 'desc')
    .limit(limit + 1)
    .execute()
  const { rows, next } = pageOf(found, limit)
  return {
    submissions: rows.map(({ received_at, ...row }) => ({ ...row, received_at: received_at.toISOString() })),
    next,
  }
}
