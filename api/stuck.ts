import type { Transaction } from 'kysely'
import type { Tables } from '../platform/history/tables.ts'
import { isSynthetic } from '../schemas/words.ts'
import { enqueueEvents } from '../agents/outbox.ts'
import { closeRequest } from '../agents/outcome.ts'
import { telling } from '../agents/progress/struggle.ts'
import { saysStuck } from '../tutor/struggle/stuck.ts'
import { acceptRequest } from './accept.ts'
import { lockStudent } from './idempotency.ts'

/** A message of a student; `traceparent` is that of the call. */
export interface Said {
  studentId: string
  text: string
  traceparent: string
}

const isStuck = ({ studentId, text }: Said): boolean => !isSynthetic(studentId) && saysStuck(text)

/** Tells the teachers, in the transaction that accepts the message, when it says that its writer is stuck. */
export async function noteStuck(trx: Transaction<Tables>, said: Said, requestId: string): Promise<void> {
  if (isStuck(said)) await tellTeachers(trx, said, requestId)
}

async function tellTeachers(
  trx: Transaction<Tables>,
  { studentId, traceparent }: Said,
  requestId: string,
): Promise<void> {
  await lockStudent(trx, studentId)
  const cause = { studentId, key: [requestId], source: '/api', traceparent } as const
  const struggle = { rule: 'says_stuck', exercise_id: null, error: null, evidence: [requestId] } as const
  const { events, write } = await telling(trx, cause, [struggle])
  await write(trx)
  await enqueueEvents(trx, events)
}

/** Keeps a message that no agent answers when it says that its writer is stuck: it is the evidence. False for any other. */
export async function keepStuck(trx: Transaction<Tables>, said: Said, code: string | null): Promise<boolean> {
  if (!isStuck(said)) return false
  const { studentId: student_id, traceparent } = said
  const { request_id } = await acceptRequest(trx, { student_id, kind: 'question', agent: 'triage', traceparent })
  await closeRequest(trx, request_id, 'done', { code })
  await tellTeachers(trx, said, request_id)
  return true
}
