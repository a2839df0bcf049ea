import { randomUUID } from 'node:crypto'
import { type Insertable, sql, type Transaction } from 'kysely'
import { submissionReceived } from '../schemas/events.ts'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { traceparentOf } from '../schemas/cloud-event.ts'
import type { Tables } from '../platform/history/tables.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { maxPosition } from './watch.ts'

const clock = sql<Date>`clock_timestamp()`

/** A request to be stored; its `request_id` is created on acceptance. */
type NewRequest = Pick<Insertable<Tables['request']>, 'student_id' | 'kind' | 'agent'> & {
  traceparent: string | undefined
}

/** Stores a request with its first event, and returns its id and its position in the queue. */
export async function acceptRequest(
  trx: Transaction<Tables>,
  { traceparent: parent, ...request }: NewRequest,
): Promise<{ request_id: string; traceparent: string; position: number }> {
  const request_id = randomUUID()
  const traceparent = traceparentOf(parent)
  // The count does not include the row that the same statement inserts.
  const { before } = await trx
    .with('accepted', db => db.insertInto('request').values({ ...request, request_id, traceparent, created_at: clock }))
    .with('told', db => db.insertInto('request_event').values({ request_id, type: 'queued', data: '{}' }))
    .selectFrom(db =>
      db
        .selectFrom('request')
        .select('request_id')
        .where('kind', '=', request.kind)
        .where('status', 'in', ['queued', 'working'])
        .limit(maxPosition)
        .as('front'),
    )
    .select(({ fn }) => fn.countAll<string>().as('before'))
    .executeTakeFirstOrThrow()
  return { request_id, traceparent, position: Number(before) }
}

/** A program for an exercise of a known version. */
export interface NewSubmission {
  studentId: string
  exerciseId: string
  exerciseVersion: number
  code: string
  traceparent: string | undefined
}

/**
 * Stores a submission, its request and the event for the agent. Needs the student's lock, because the attempt is one
 * more than the last.
 */
export async function acceptSubmission(
  trx: Transaction<Tables>,
  { studentId, exerciseId, exerciseVersion, code, traceparent: parent }: NewSubmission,
): Promise<{ request_id: string; position: number }> {
  const { request_id, traceparent, position } = await acceptRequest(trx, {
    student_id: studentId,
    kind: 'submission',
    agent: 'exercise',
    traceparent: parent,
  })
  const submission = { submission_id: request_id, exercise_id: exerciseId, exercise_version: exerciseVersion, code }
  const { attempt } = await trx
    .insertInto('submission')
    .values({
      ...submission,
      student_id: studentId,
      attempt: sql<number>`(select coalesce(max(attempt), 0) + 1 from submission where student_id = ${studentId}
        and exercise_id = ${exerciseId})`,
      received_at: clock,
    })
    .returning('attempt')
    .executeTakeFirstOrThrow()
  await enqueueEvents(trx, [receivedEvent(studentId, { ...submission, attempt }, traceparent)])
  return { request_id, position }
}

/**
 * The event that asks for the grade of a submission under one version of its exercise; repeats have the same business
 * key.
 */
export function receivedEvent(
  studentId: string,
  submission: { submission_id: string; exercise_id: string; exercise_version: number; attempt: number; code: string },
  traceparent: string,
): LearningEvent {
  return submissionReceived.of(studentId, submission, {
    key: [submission.submission_id, submission.exercise_version],
    source: '/api',
    traceparent,
  })
}
