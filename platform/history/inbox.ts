import { sql } from 'kysely'
import { type LearningEvent, requestOf } from '../../schemas/learning-event.ts'
import type { LogRecord } from '../ports/event-log.ts'
import type { History } from '../ports/history.ts'

/** An event and where it stands in the log. */
export interface Received {
  event: LearningEvent
  record: Pick<LogRecord, 'topic' | 'partition' | 'offset'>
}

/**
 * Stores events in the consumer's inbox, in their order, and wakes their lanes. An event whose business key is known
 * already changes nothing, unless the known one is a dead letter and this record has another position in the log or is
 * given `again`: then it is a replay, which is queued again and reopens its request.
 */
export async function receive(
  history: Pick<History, 'db'>,
  consumer: string,
  all: readonly Received[],
  again = false,
): Promise<void> {
  for (const some of withoutRepeats(all)) await receiveOnce(history, consumer, some, again)
}

/** A statement changes a row only once, so an event whose key was before begins the next one. */
function* withoutRepeats(all: readonly Received[]): Generator<Received[]> {
  let some: Received[] = []
  const keys = new Set<string>()
  for (const one of all) {
    const { idempotencykey } = one.event
    if (keys.has(idempotencykey)) {
      yield some
      some = []
      keys.clear()
    }
    some.push(one)
    keys.add(idempotencykey)
  }
  if (some.length > 0) yield some
}

/**
 * One statement, so that it costs one round trip to the database. A new lane's fence starts at the time in ms, which is
 * above any fence of an erased lane of the same name; lanes are ready in the order of their first events.
 */
async function receiveOnce(
  history: Pick<History, 'db'>,
  consumer: string,
  some: readonly Received[],
  again: boolean,
): Promise<void> {
  const rows = some.map(({ event, record: { topic, partition, offset } }, nr) => ({
    nr,
    key: event.idempotencykey,
    lane: event.subject,
    event,
    request: requestOf(event) ?? null,
    topic,
    partition,
    offset,
  }))
  await sql`with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as row (nr integer, key text, lane text, event jsonb, request uuid, topic text, partition integer, "offset" text)
    ), received as (
      insert into inbox (consumer, idempotencykey, lane, event, topic, log_partition, log_offset)
        select ${consumer}, key, lane, event, topic, partition, "offset" from given order by nr
      on conflict (consumer, idempotencykey) do update
        set state = 'queued', attempts = 0, claims = 0, available_at = now(), finished_at = null,
        topic = excluded.topic, log_partition = excluded.log_partition, log_offset = excluded.log_offset
      where inbox.state = 'dead' and (${again}::boolean
        or (inbox.log_partition, inbox.log_offset) is distinct from (excluded.log_partition, excluded.log_offset))
      returning idempotencykey
    ), fresh as (
      select nr, lane, request from given where key in (select idempotencykey from received)
    ), reopened as (
      update request set status = 'queued', error = null, finished_at = null
      where request_id = any(array(select request from fresh)) and status = 'failed' returning request_id
    ), told as (
      insert into request_event (request_id, type, data) select request_id, 'queued', '{}'::jsonb from reopened
    )
    insert into lane (consumer, lane, fence, ready_at)
      select ${consumer}, lane, extract(epoch from clock_timestamp())::numeric * 1000,
        now() + min(nr) * interval '1 microsecond'
      from fresh group by lane
    on conflict (consumer, lane) do update set ready_at = coalesce(lane.ready_at, now())`.execute(history.db)
}
