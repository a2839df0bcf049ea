import type { Selectable } from 'kysely'
import type { Grade, RequestState } from '../schemas/api.ts'
import { PlatformError } from '../platform/errors.ts'
import type { History } from '../platform/ports/history.ts'
import type { Tables } from '../platform/history/tables.ts'
import { forStudent, type SmallestFailing, type TestOutcome } from '../tutor/grade/grade.ts'
import { shownNote } from '../tutor/feedback/texts.ts'
import type { Caller } from './auth.ts'
import { commentsOn } from './comment-rows.ts'
import { latenessOf } from './lateness.ts'
import { maySee } from './visibility.ts'
import { positionsOf } from './watch.ts'

type Db = History['db']
export type RequestRow = Selectable<Tables['request']>

/** Whether the caller may see the contents of hidden tests: teachers and operators may. */
export const seesHidden = (caller: Caller): boolean => caller.role !== 'student'

/**
 * The parts of a stored grade that hold contents of tests, as this caller may see them: of a hidden test, students see
 * only whether it passed. Every answer with a grade goes through here.
 */
export function shownTests(
  { tests, smallest_failing: found }: Pick<Selectable<Tables['grade']>, 'tests' | 'smallest_failing'>,
  hidden: boolean,
): { tests: TestOutcome[]; smallest_failing: SmallestFailing | null } {
  const all = tests as TestOutcome[]
  const smallest = found as SmallestFailing | null
  return {
    tests: hidden ? all : forStudent(all),
    smallest_failing: smallest === null || (smallest.hidden && !hidden) ? null : smallest,
  }
}

/** A grade for the caller. */
export function shownGrade(row: Selectable<Tables['grade']>, hidden: boolean): Grade {
  const {
    student_id: _student,
    seed: _seed,
    fingerprint: _fingerprint,
    shape: _shape,
    notes,
    tests: _tests,
    error,
    smallest_failing: _smallest,
    graded_at,
    ...shown
  } = row
  const { tests, smallest_failing: smallest } = shownTests(row, hidden)
  return {
    ...shown,
    notes: notes.map(note => shownNote(note)),
    tests,
    ...(error === null ? {} : { error }),
    ...(smallest === null ? {} : { smallest_failing: smallest }),
    graded_at: graded_at.toISOString(),
  }
}

/** The newest grade of a submission. */
export async function newestGrade(db: Db, submissionId: string, hidden: boolean): Promise<Grade | null> {
  const row = await db
    .selectFrom('grade')
    .selectAll()
    .where('submission_id', '=', submissionId)
    .orderBy('exercise_version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : shownGrade(row, hidden)
}

/**
 * The request, if the caller may see it.
 * @throws NOT_FOUND also for requests of others, so that their existence is not revealed.
 */
export async function requestFor(db: Db, caller: Caller, requestId: string): Promise<RequestRow> {
  const row = await db.selectFrom('request').selectAll().where('request_id', '=', requestId).executeTakeFirst()
  if (row === undefined || !(await maySee(db, caller, row.student_id, requestId))) throw unknownRequest(requestId)
  return row
}

export const unknownRequest = (requestId: string): PlatformError =>
  new PlatformError('NOT_FOUND', `there is no request ${requestId}`, {
    hint: 'GET /api/v1/submissions lists your submissions.',
  })

/** A request for the API: its position in the queue while it is unfinished, its result or error afterwards. */
export async function stateOf(db: Db, row: RequestRow, caller: Caller): Promise<RequestState> {
  const unfinished = row.status === 'queued' || row.status === 'working'
  const position = unfinished ? ((await positionsOf({ db }, [row.request_id])).get(row.request_id) ?? 0) : null
  const isSubmission = row.kind === 'submission'
  const grade = isSubmission && row.status === 'done' ? await newestGrade(db, row.request_id, seesHidden(caller)) : null
  const submission = { submissionId: row.request_id, studentId: row.student_id }
  return {
    request_id: row.request_id,
    kind: row.kind,
    agent: row.agent,
    status: row.status,
    position,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    grade,
    result: row.result,
    error: row.error as RequestState['error'],
    late_for: isSubmission ? await latenessOf(db, caller, submission) : [],
    comments: isSubmission ? await commentsOn(db, caller, submission) : [],
  }
}
