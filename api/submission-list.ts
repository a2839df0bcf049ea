import { sql } from 'kysely'
import type * as z from 'zod'
import type { SubmissionPage } from '../schemas/api.ts'
import type { Context } from './context.ts'
import { afterCursor, pageOf } from './paging.ts'

export async function listSubmissions(
  { ports }: Context,
  studentId: string,
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
    ])
    .where('submission.student_id', '=', studentId)
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
