import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import * as z from 'zod'
import { Comment, CommentList, CommentRemoved, CommentRequest } from '../schemas/api.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Tables } from '../platform/history/tables.ts'
import type { History } from '../platform/ports/history.ts'
import { type Caller, callerOf, forbidden } from './auth.ts'
import { commentsOn, visibleComments } from './comment-rows.ts'
import type { App, Context } from './context.ts'
import { noteIn } from './exercise-versions.ts'
import { lockStudent } from './idempotency.ts'
import { unknownRequest } from './state.ts'
import { maySee, visibleClass } from './visibility.ts'
import { counted } from '../schemas/counted.ts'

type Db = Pick<History['db'], 'selectFrom'>

const Id = z.object({ id: z.uuid() })
/** So that every answer with a submission stays small. */
const maxComments = 200

/** The routes for what teachers write about a submission. */
export function commentRoutes(app: App, { ports: { history } }: Context): void {
  const tags = ['submissions']
  app.get(
    '/api/v1/submissions/:id/comments',
    { schema: { tags, summary: 'What teachers wrote about a submission', params: Id, response: { 200: CommentList } } },
    async request => {
      const found = await submissionFor(history.db, callerOf(request), request.params.id)
      return { submission_id: found.submissionId, comments: await commentsOn(history.db, callerOf(request), found) }
    },
  )
  app.post(
    '/api/v1/submissions/:id/comments',
    {
      config: { problems: [404, 409] },
      schema: {
        tags,
        summary: 'Comment on a submission; the same again changes nothing',
        params: Id,
        body: CommentRequest,
        response: { 200: Comment, 201: Comment },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { studentId } = await submissionFor(history.db, caller, request.params.id)
      if (caller.role === 'student') throw forbidden('only teachers and operators comment on submissions')
      const { made, comment } = await history.transaction(async trx => {
        await lockStudent(trx, studentId)
        return write(trx, caller, request.params.id, request.body)
      })
      return reply.code(made ? 201 : 200).send(comment)
    },
  )
  app.delete(
    '/api/v1/comments/:id',
    { schema: { tags, summary: 'Take a comment of yours back', params: Id, response: { 200: CommentRemoved } } },
    async request => history.transaction(async trx => takeBack(trx, callerOf(request), request.params.id)),
  )
}

interface Found {
  submissionId: string
  studentId: string
  code: string
}

/** The submission, if the caller may see it. @throws NOT_FOUND also where it exists. */
async function submissionFor(db: Db, caller: Caller, submissionId: string): Promise<Found> {
  const row = await db
    .selectFrom('submission')
    .select(['student_id', 'code'])
    .where('submission_id', '=', submissionId)
    .executeTakeFirst()
  if (row === undefined || !(await maySee(db, caller, row.student_id, submissionId))) throw unknownRequest(submissionId)
  return { submissionId, studentId: row.student_id, code: row.code }
}

/** @throws INVALID_INPUT for a line that the program does not have, CONFLICT when there are too many. */
async function write(
  trx: Transaction<Tables>,
  caller: Caller,
  submissionId: string,
  { text, line = null }: z.infer<typeof CommentRequest>,
): Promise<{ made: boolean; comment: Comment }> {
  // Read again, because the student may have been erased before the lock was had.
  const found = await submissionFor(trx, caller, submissionId)
  const lines = found.code.split('\n').length
  if (line !== null && line > lines)
    throw new PlatformError('INVALID_INPUT', `body.line: the program has ${counted(lines, 'line')}, not ${line}`, {
      hint: 'Count the lines of the program from 1, or leave line out.',
    })
  const present = await commentsOn(trx, caller, found)
  const equal = present.find(one => one.author === caller.sub && one.line === line && one.text === text)
  if (equal !== undefined) return { made: false, comment: equal }
  if (present.length >= maxComments)
    throw new PlatformError('CONFLICT', `a submission has at most ${maxComments} comments`, {
      hint: 'DELETE /api/v1/comments/{id} takes one of yours back.',
    })
  const row = { comment_id: randomUUID(), author: caller.sub, line, text }
  const { created_at } = await trx
    .insertInto('comment')
    .values({ ...row, submission_id: submissionId })
    .returning('created_at')
    .executeTakeFirstOrThrow()
  await sql`insert into comment_class (comment_id, class_id) select ${row.comment_id}::uuid, class_id
    from submission_class where submission_id = ${submissionId}
      and ${visibleClass(caller, found.studentId, 'class_id')}`.execute(trx)
  await noteIn(trx, caller, 'comment.add', found.studentId, { submission_id: submissionId, comment_id: row.comment_id })
  return { made: true, comment: { ...row, created_at: created_at.toISOString() } }
}

/** @throws NOT_FOUND for a comment that the caller may not read, FORBIDDEN for one of somebody else. */
async function takeBack(trx: Transaction<Tables>, caller: Caller, id: string): Promise<z.infer<typeof CommentRemoved>> {
  const row = await trx
    .selectFrom('comment')
    .innerJoin('submission', 'submission.submission_id', 'comment.submission_id')
    .select(['comment.submission_id', 'comment.author', 'submission.student_id'])
    .where('comment_id', '=', id)
    .executeTakeFirst()
  const own = row !== undefined && (row.author === caller.sub || caller.role === 'operator')
  if (row === undefined || (!own && !(await mayRead(trx, caller, id, row))))
    throw new PlatformError('NOT_FOUND', `there is no comment ${id}`, {
      hint: 'GET /api/v1/submissions/{id}/comments lists those on a submission.',
    })
  if (!own) throw forbidden('a comment is taken back by whoever wrote it')
  await trx.deleteFrom('comment').where('comment_id', '=', id).execute()
  await noteIn(trx, caller, 'comment.remove', row.student_id, { submission_id: row.submission_id, comment_id: id })
  return { comment_id: id, submission_id: row.submission_id, removed: true }
}

async function mayRead(
  db: Db,
  caller: Caller,
  id: string,
  { submission_id, student_id }: { submission_id: string; student_id: string },
): Promise<boolean> {
  if (!(await maySee(db, caller, student_id, submission_id))) return false
  const row = await db
    .selectFrom('comment')
    .select('comment_id')
    .where('comment_id', '=', id)
    .where(visibleComments(caller, student_id))
    .executeTakeFirst()
  return row !== undefined
}
