import { sql } from 'kysely'
import * as z from 'zod'
import { Erased, HistoryPage, MasteryView, StudentExport } from '../schemas/api.ts'
import { StudentId } from '../schemas/words.ts'
import { type Caller, callerOf, forbidden } from './auth.ts'
import { commentCount } from './comment-rows.ts'
import type { App, Context } from './context.ts'
import { eraseStudent, exportStudent } from './erase.ts'
import { lateFor } from './lateness.ts'
import { classMastery, masteryStates } from './mastery.ts'
import { afterCursor, pageOf, Paging } from './paging.ts'
import { seesHidden, shownGrade } from './state.ts'
import { mustKnow, seesAll, visibleSubmissions } from './visibility.ts'

const Id = z.object({ id: StudentId })

/** The routes for one student: progress, history, export and erasure. */
export function studentRoutes(app: App, context: Context): void {
  const tags = ['students']
  const { ports } = context
  app.get(
    '/api/v1/agents/progress/mastery/:student_id',
    {
      schema: {
        tags,
        summary: 'Mastery by module',
        params: z.object({ student_id: StudentId }),
        response: { 200: MasteryView },
      },
    },
    async request => {
      const { student_id } = request.params
      const caller = callerOf(request)
      await mustKnow(ports.history.db, caller, student_id)
      const modules = seesAll(caller, student_id)
        ? await masteryStates(context, student_id)
        : await classMastery(context, student_id, caller.classes)
      return { student_id, modules }
    },
  )
  app.get(
    '/api/v1/students/:id/history',
    {
      schema: {
        tags,
        summary: 'Submissions with all their grades, newest first',
        params: Id,
        querystring: z.strictObject(Paging),
        response: { 200: HistoryPage },
      },
    },
    async request => {
      const caller = callerOf(request)
      await mustKnow(ports.history.db, caller, request.params.id)
      return historyPage(context, caller, request.params.id, request.query)
    },
  )
  app.get(
    '/api/v1/students/:id',
    {
      schema: {
        tags,
        summary: 'Everything stored on a student that the caller may see',
        params: Id,
        response: { 200: StudentExport },
      },
    },
    async request => {
      const caller = callerOf(request)
      await mustKnow(ports.history.db, caller, request.params.id)
      return exportStudent(context, request.params.id, caller)
    },
  )
  app.delete(
    '/api/v1/students/:id',
    { schema: { tags, summary: 'Forget a student', params: Id, response: { 200: Erased } } },
    async request => {
      const caller = callerOf(request)
      const { id } = request.params
      if (caller.sub !== id && caller.role !== 'operator') throw forbidden('only the student and operators may erase')
      return eraseStudent(context, caller.sub, id)
    },
  )
}

async function historyPage(
  { ports }: Context,
  caller: Caller,
  studentId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<z.infer<typeof HistoryPage>> {
  const { db } = ports.history
  const found = await db
    .selectFrom('submission')
    .innerJoin('request', 'request.request_id', 'submission.submission_id')
    .select([
      'submission.submission_id',
      'submission.exercise_id',
      'submission.exercise_version',
      'submission.attempt',
      'submission.code',
      'submission.received_at',
      'request.status',
      lateFor(caller, studentId).as('late_for'),
      commentCount(caller, studentId).as('comments'),
    ])
    .where('submission.student_id', '=', studentId)
    .where(visibleSubmissions(caller, studentId, 'submission'))
    .where(afterCursor(cursor))
    .orderBy('submission.received_at', 'desc')
    .orderBy('submission.submission_id', 'desc')
    .limit(limit + 1)
    .execute()
  const { rows, next } = pageOf(found, limit)
  const grades = await db
    .selectFrom('grade')
    .selectAll()
    .where(sql<boolean>`submission_id = any(${rows.map(row => row.submission_id)}::uuid[])`)
    .orderBy('exercise_version', 'desc')
    .execute()
  const bySubmission = Map.groupBy(grades, grade => grade.submission_id)
  return {
    submissions: rows.map(({ received_at, ...row }) => ({
      ...row,
      received_at: received_at.toISOString(),
      grades: (bySubmission.get(row.submission_id) ?? []).map(grade => shownGrade(grade, seesHidden(caller))),
    })),
    next,
  }
}
