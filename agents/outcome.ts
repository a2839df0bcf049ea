import { sql, type Transaction } from 'kysely'
import { deadLetter } from '../platform/log/deliver.ts'
import type { History } from '../platform/ports/history.ts'
import { passStep } from '../platform/steps.ts'
import type { RequestStatus, Tables } from '../platform/history/tables.ts'
import { requestOf } from '../schemas/learning-event.ts'
import type { Outcome } from './agent.ts'
import { jsonText, storableText } from './json-text.ts'
import { assertFence, finish, type Item, postpone } from './lanes.ts'
import { enqueueDeadLetter, enqueueEvents } from './outbox.ts'

const maxPauseSeconds = 30
/** By how much the clocks of the database and of the writers of events may differ. */
const clockSkewMs = 60_000
/** The pause before an item asks again whether there is room for it. */
const roomSeconds = 2

/**
 * Stores the outcome of an item in one transaction: its own rows, the answer, the events to publish and the lane's
 * progress. For a request that was cancelled meanwhile it stores none of it and returns false.
 * @throws LEASE_LOST when another holds the lane by now; then nothing is written.
 */
export async function store(history: History, item: Item, outcome: Outcome): Promise<boolean> {
  return history.transaction(async trx => {
    await assertFence(trx, item)
    passStep('outcome:fenced', item)
    const requestId = requestOf(item.event)
    const request =
      requestId === undefined
        ? undefined
        : await trx
            .selectFrom('request')
            .select('status')
            .where('request_id', '=', requestId)
            .forUpdate()
            .executeTakeFirst()
    if (request?.status === 'cancelled') {
      await finish(trx, item, 'cancelled')
      return false
    }
    passStep('outcome:writing', item)
    await outcome.write?.(trx)
    passStep('outcome:written', item)
    if (outcome.answer !== undefined) await closeRequest(trx, outcome.answer.request_id, 'done', outcome.answer.result)
    if (outcome.handOver !== undefined) await handOver(trx, outcome.handOver)
    await enqueueEvents(trx, outcome.events ?? [])
    passStep('outcome:enqueued', item)
    await finish(trx, item, 'done')
    return true
  })
}

/** The request waits again, now for the agent that will answer it. */
async function handOver(
  trx: Transaction<Tables>,
  { request_id, agent }: NonNullable<Outcome['handOver']>,
): Promise<void> {
  await trx.updateTable('request').set({ agent, status: 'queued' }).where('request_id', '=', request_id).execute()
  await trx
    .insertInto('request_event')
    .values({ request_id, type: 'routed', data: jsonText({ agent }) })
    .execute()
}

/**
 * Marks a request as being worked on; a finished one (a regrade) stays as it is. `over`: the item has ended, because
 * the request was cancelled or its student erased. `unknown`: the history has no such request.
 * @throws LEASE_LOST
 */
export async function begin(history: History, item: Item): Promise<'begun' | 'over' | 'unknown'> {
  const requestId = requestOf(item.event)
  if (requestId === undefined) return 'begun'
  const { rows } = await sql<{ status: RequestStatus }>`with begun as (
      update request set status = 'working' where request_id = ${requestId} and status = 'queued' returning request_id
    ), told as (
      insert into request_event (request_id, type, data) select request_id, 'working', '{}'::jsonb from begun
    )
    select status from request where request_id = ${requestId}`.execute(history.db)
  const [before] = rows
  if (before !== undefined && before.status !== 'cancelled') return 'begun'
  if (before === undefined && !(await mayBeErased(history, item))) return 'unknown'
  await history.transaction(async trx => {
    await assertFence(trx, item)
    await finish(trx, item, 'cancelled')
  })
  return 'over'
}

/** Of an erased student nothing is left, so all that can be known is whether somebody was erased after the event. */
async function mayBeErased({ db }: History, { event: { time } }: Item): Promise<boolean> {
  const erased = await db
    .selectFrom('audit')
    .select('audit_id')
    .where('action', '=', 'student.erase')
    .where('at', '>', new Date(Date.parse(time) - clockSkewMs))
    .limit(1)
    .executeTakeFirst()
  return erased !== undefined
}

/**
 * Closes a request and notifies its listeners. `result` is what the request shows; an error is given as {code, message,
 * hint}.
 */
export async function closeRequest(
  trx: Transaction<Tables>,
  requestId: string,
  status: RequestStatus,
  result: unknown,
): Promise<void> {
  const json = jsonText(result)
  const shown = status === 'done' ? { result: json, error: null } : { error: json }
  await trx
    .with('closed', db =>
      db
        .updateTable('request')
        .set({ status, ...shown, finished_at: sql<Date>`now()` })
        .where('request_id', '=', requestId),
    )
    .insertInto('request_event')
    .values({ request_id: requestId, type: status, data: json })
    .execute()
}

/** After a retryable failure: tries again in 1, 2, 4, 8 ... seconds. */
export async function tryLater(history: History, item: Item, error: Error): Promise<void> {
  await history.transaction(async trx => {
    await assertFence(trx, item)
    const pauseSeconds = Math.min(2 ** item.attempts, maxPauseSeconds)
    await postpone(trx, item, { pauseSeconds, error: storableText(error.message), counts: true })
  })
}

/** What was accepted is never given up because there is no room for it now: this failure does not count. */
export async function waitForRoom(history: History, item: Item, error: Error): Promise<void> {
  await history.transaction(async trx => {
    await assertFence(trx, item)
    await postpone(trx, item, { pauseSeconds: roomSeconds, error: storableText(error.message), counts: false })
  })
}

/**
 * After a terminal failure: the event goes to the dead letters with code and hint, its request fails if it is still
 * open, and the lane goes on.
 */
export async function giveUp(history: History, item: Item, error: Error): Promise<void> {
  const record = { ...item.record, key: item.lane, value: JSON.stringify(item.event) }
  const letter = deadLetter(record, item.consumer, error, item.attempts + 1)
  await history.transaction(async trx => {
    await assertFence(trx, item)
    await enqueueDeadLetter(trx, letter)
    const requestId = requestOf(item.event)
    if (requestId !== undefined && (await isOpen(trx, requestId)))
      await closeRequest(trx, requestId, 'failed', { code: letter.code, message: letter.message, hint: letter.hint })
    await finish(trx, item, 'dead', storableText(error.message))
  })
}

async function isOpen(trx: Transaction<Tables>, requestId: string): Promise<boolean> {
  const request = await trx
    .selectFrom('request')
    .select('status')
    .where('request_id', '=', requestId)
    .forUpdate()
    .executeTakeFirst()
  return request?.status === 'queued' || request?.status === 'working'
}
