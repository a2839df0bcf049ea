import { sql, type Transaction } from 'kysely'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { PlatformError } from '../platform/errors.ts'
import type { LogRecord } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import type { Tables } from '../platform/history/tables.ts'
import { passStep } from '../platform/steps.ts'

/** The right to work on one lane until `leaseSeconds` after its last renewal, by the database's clock. */
export interface Claim {
  consumer: string
  lane: string
  fence: string
}

/** The head of a claimed lane. `claims` counts how often it was claimed, `attempts` how often it failed. */
export interface Item extends Claim {
  idempotencykey: string
  event: LearningEvent
  record: Omit<LogRecord, 'key' | 'value'>
  attempts: number
  claims: number
}

/**
 * Claims up to `limit` lanes that have work ready and no holder with a valid lease, oldest first, and reads their
 * heads. Each step uses an index on the rows of the step before: the planner would plan joins by statistics from when
 * nothing was queued, and their time would grow with the square of the backlog.
 */
export async function claim(
  history: History,
  consumer: string,
  owner: string,
  limit: number,
  leaseSeconds: number,
): Promise<Item[]> {
  const { rows } = await sql<{
    lane: string
    fence: string
    idempotencykey: string | null
    event: LearningEvent
    topic: string
    log_partition: number
    log_offset: string
    attempts: number
    claims: number
  }>`
    with ready as (
      select lane from lane where consumer = ${consumer} and ready_at <= now()
        and (lease_until is null or lease_until < now())
      order by ready_at limit ${limit} for update skip locked
    ), taken as (
      update lane set owner = ${owner}, fence = fence + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
      where consumer = ${consumer} and lane = any(array(select lane from ready)) returning lane, fence
    ), head as (
      select first.idempotencykey from taken cross join lateral (
        select idempotencykey from inbox where consumer = ${consumer} and lane = taken.lane and state = 'queued'
          order by position limit 1
      ) first
    ), counted as (
      update inbox set claims = claims + 1 where consumer = ${consumer}
        and idempotencykey = any(array(select idempotencykey from head)) returning *
    )
    select taken.lane, taken.fence::text, counted.idempotencykey, counted.event, counted.topic, counted.log_partition,
      counted.log_offset, counted.attempts, counted.claims
    from taken left join counted on counted.lane = taken.lane`.execute(history.db)
  const items: Item[] = []
  for (const { lane, fence, idempotencykey, topic, log_partition, log_offset, ...rest } of rows) {
    const held = { consumer, lane, fence: String(fence) }
    if (idempotencykey === null) await releaseClaim(history, held)
    else
      items.push({ ...held, ...rest, idempotencykey, record: { topic, partition: log_partition, offset: log_offset } })
  }
  return items
}

/** Releases a lane that had nothing to do. */
async function releaseClaim(history: History, held: Claim): Promise<void> {
  await history.transaction(async trx => {
    await sql`select 1 from lane where consumer = ${held.consumer} and lane = ${held.lane} for update`.execute(trx)
    await release(trx, held)
  })
}

/** Extends a claim; false when the lane has a newer holder. */
export async function renew(
  history: History,
  { consumer, lane, fence }: Claim,
  leaseSeconds: number,
): Promise<boolean> {
  const { rows } = await sql`update lane set lease_until = now() + make_interval(secs => ${leaseSeconds})
    where consumer = ${consumer} and lane = ${lane} and fence = ${fence}::bigint and owner is not null
      returning lane`.execute(history.db)
  return rows.length > 0
}

/**
 * Locks the lane and checks that the claim is the newest, so that what the same transaction writes afterwards is
 * written once.
 * @throws LEASE_LOST
 */
export async function assertFence(trx: Transaction<Tables>, { consumer, lane, fence }: Claim): Promise<void> {
  const { rows } =
    await sql`select 1 from lane where consumer = ${consumer} and lane = ${lane} and fence = ${fence}::bigint
      and owner is not null for update`.execute(trx)
  if (rows.length === 0)
    throw new PlatformError('LEASE_LOST', `${consumer} lost its claim on the lane of ${lane}`, {
      hint: 'Nothing was written; the new holder does the work.',
    })
}

/** Ends an item for good, inside the fenced transaction. */
export async function finish(
  trx: Transaction<Tables>,
  item: Item,
  state: 'done' | 'dead' | 'cancelled',
  error: string | null = null,
): Promise<void> {
  await trx
    .updateTable('inbox')
    .set({ state, last_error: error, finished_at: sql<Date>`now()` })
    .where('consumer', '=', item.consumer)
    .where('idempotencykey', '=', item.idempotencykey)
    .execute()
  passStep('outcome:finished', item)
  await release(trx, item)
}

/**
 * Lets the item be tried again after a pause; its lane waits until then, which keeps the order. A pause that does not
 * count is none of the failures after which an item is given up.
 */
export async function postpone(
  trx: Transaction<Tables>,
  item: Item,
  { pauseSeconds, error, counts }: { pauseSeconds: number; error: string; counts: boolean },
): Promise<void> {
  await trx
    .updateTable('inbox')
    .set({
      ...(counts ? { attempts: item.attempts + 1 } : { claims: item.claims - 1 }),
      last_error: error,
      available_at: sql<Date>`now() + make_interval(secs => ${pauseSeconds})`,
    })
    .where('consumer', '=', item.consumer)
    .where('idempotencykey', '=', item.idempotencykey)
    .execute()
  await release(trx, item)
}

/**
 * Releases the lane, whose row this transaction has locked. It is a separate statement so that it sees events received
 * while we worked, and the lock keeps others out in between. A lane with more work goes behind the others that wait, so
 * that students take turns however much one of them has sent.
 */
export async function release(trx: Transaction<Tables>, { consumer, lane, fence }: Claim): Promise<void> {
  await sql`update lane set owner = null, lease_until = null,
      ready_at = (select greatest(available_at, now()) from inbox where consumer = ${consumer} and lane = ${lane} and state = 'queued'
        order by position limit 1)
    where consumer = ${consumer} and lane = ${lane} and fence = ${fence}::bigint`.execute(trx)
}

/**
 * Drops every lease. Only for a process that knows it is the only one, as the owner of an embedded data folder does
 * when it starts.
 */
export async function dropLeases(history: History): Promise<void> {
  await sql`update lane set owner = null, lease_until = null, fence = fence + 1 where owner is not null`.execute(
    history.db,
  )
}
