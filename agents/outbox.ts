import { sql, type Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { DeadLetter } from '../schemas/dead-letter.ts'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { partitionOf } from '../schemas/partitioner.ts'
import { deadLetterQueue, learningEvents, type Topic } from '../schemas/topics.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import { passStep } from '../platform/steps.ts'
import type { Tables } from '../platform/history/tables.ts'
import { wakeableSleep } from './wakeable-sleep.ts'

const batch = 200
const pollMs = 500
/** Within this time in ms the relay sees what another process stored. */
const sharedPollMs = 100

/** Stores messages for publishing in the same transaction as the change that they report. */
async function enqueue(
  trx: Transaction<Tables>,
  topic: Topic,
  messages: readonly { key: string; value: string }[],
): Promise<void> {
  if (messages.length === 0) return
  await trx
    .insertInto('outbox')
    .values(
      messages.map(message => ({
        ...message,
        topic: topic.name,
        partition: partitionOf(message.key, topic.partitions),
      })),
    )
    .execute()
}

export const enqueueEvents = async (trx: Transaction<Tables>, events: readonly LearningEvent[]): Promise<void> =>
  enqueue(
    trx,
    learningEvents,
    events.map(event => ({ key: event.subject, value: JSON.stringify(event) })),
  )

export const enqueueDeadLetter = async (trx: Transaction<Tables>, letter: DeadLetter): Promise<void> =>
  enqueue(trx, deadLetterQueue, [{ key: letter.key, value: JSON.stringify(letter) }])

/** Publishes what the outbox holds; `notify` reports that there is something new. */
export interface Relay extends AsyncDisposable {
  notify(): void
}

interface RelayPorts {
  history: History
  log: EventLog
  logger: Logger
}

/**
 * The relay of this process. Only one relay works at a time (it leases the lane `outbox` of the consumer `relay`). It
 * publishes in the order of the outbox and removes a message only when the log has acknowledged it, so a crash repeats
 * messages but loses none. With several processes (`shared`) it releases the lease after each batch: the next batch is
 * published by the process that stored it, and a dead relay delays nobody.
 */
export function startRelay(ports: RelayPorts, owner: string, leaseSeconds: number, shared = false): Relay {
  const { history, logger } = ports
  const notifier = wakeableSleep(shared ? sharedPollMs : pollMs)
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const sent = await relayOnce(ports, owner, leaseSeconds, shared).catch((error: unknown) => {
        logger.warn({ err: error }, 'the relay will try again')
        return 0
      })
      if (sent < batch) await notifier.wait()
    }
  }
  const running = run()
  return {
    notify: notifier.notify,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      notifier.notify()
      await running
      await releaseRelay(history, owner)
    },
  }
}

async function releaseRelay(history: History, owner: string): Promise<void> {
  await sql`update lane set owner = null, lease_until = null where consumer = 'relay' and lane = 'outbox'
    and owner = ${owner}`.execute(history.db)
}

/**
 * Publishes one batch if this relay holds the lease, and returns how many messages it had. The lease is renewed while
 * the log is slow.
 */
export async function relayOnce(
  { history, log, logger }: RelayPorts,
  owner: string,
  leaseSeconds: number,
  shared = false,
): Promise<number> {
  if (!(await isDue(history, owner)) || !(await holdRelay(history, owner, leaseSeconds))) return 0
  try {
    return await publishBatch({ history, log, logger }, owner, leaseSeconds)
  } finally {
    if (shared) await releaseRelay(history, owner)
  }
}

/**
 * Whether there is something to publish and no other relay is publishing. The query takes no locks, so many processes
 * may run it.
 */
async function isDue(history: History, owner: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 where exists (select 1 from outbox) and not exists (
      select 1 from lane where consumer = 'relay' and lane = 'outbox' and owner <> ${owner}
        and lease_until >= now())`.execute(history.db)
  return rows.length > 0
}

async function publishBatch(
  { history, log, logger }: RelayPorts,
  owner: string,
  leaseSeconds: number,
): Promise<number> {
  const messages = await history.db.selectFrom('outbox').selectAll().orderBy('outbox_id').limit(batch).execute()
  for (const message of messages) passStep('relay:read', message)
  const renewal = setInterval(
    () =>
      void holdRelay(history, owner, leaseSeconds).catch((error: unknown) =>
        logger.warn({ err: error }, "the relay's lease was not renewed"),
      ),
    (leaseSeconds * 1_000) / 3,
  )
  try {
    for (const [topic, rows] of Map.groupBy(messages, message => message.topic)) await log.publish(topic, rows)
  } finally {
    clearInterval(renewal)
  }
  for (const message of messages) passStep('relay:published', message)
  if (messages.length > 0)
    await history.db
      .deleteFrom('outbox')
      .where('outbox_id', '=', sql<string>`any(${messages.map(message => message.outbox_id)}::bigint[])`)
      .execute()
  for (const message of messages) passStep('relay:removed', message)
  return messages.length
}

async function holdRelay(history: History, owner: string, leaseSeconds: number): Promise<boolean> {
  const { rows } = await sql`
    insert into lane (consumer, lane, owner, lease_until)
      values ('relay', 'outbox', ${owner}, now() + make_interval(secs => ${leaseSeconds}))
    on conflict (consumer, lane) do update set owner = excluded.owner, lease_until = excluded.lease_until
    where lane.owner is null or lane.owner = excluded.owner or lane.lease_until < now() returning lane`.execute(
    history.db,
  )
  return rows.length > 0
}
