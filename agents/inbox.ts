import { sql } from 'kysely'
import type { LearningEvent } from '../schemas/learning-event.ts'
import type { LogRecord } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import { requestOf } from './agent.ts'

/**
 * Stores an event in the consumer's inbox and wakes its lane. An event whose business key is known already changes
 * nothing, unless the known one is a dead letter and this record has another position in the log: then it is a replay,
 * which is queued again and reopens its request.
 */
export async function receive(
  history: History,
  consumer: string,
  event: LearningEvent,
  { topic, partition, offset }: LogRecord,
): Promise<void> {
  // One statement, so that it costs one round trip to the database. A new lane's fence starts at the time in ms, which
  // is above any fence of an erased lane of the same name.
  await sql`with received as (
      insert into inbox (consumer, idempotencykey, lane, event, topic, log_partition, log_offset)
      values (${consumer}, ${event.idempotencykey}, ${event.subject}, ${JSON.stringify(event)}::jsonb, ${topic},
        ${partition}, ${offset})
      on conflict (consumer, idempotencykey) do update
        set state = 'queued', attempts = 0, claims = 0, available_at = now(), finished_at = null,
        topic = excluded.topic, log_partition = excluded.log_partition, log_offset = excluded.log_offset
      where inbox.state = 'dead'
        and (inbox.log_partition, inbox.log_offset) is distinct from (excluded.log_partition, excluded.log_offset)
      returning lane
    ), reopened as (
      update request set status = 'queued', error = null, finished_at = null from received
      where request_id = ${requestOf(event) ?? null}::uuid and status = 'failed' returning request_id
    ), told as (
      insert into request_event (request_id, type, data) select request_id, 'queued', '{}'::jsonb from reopened
    )
    insert into lane (consumer, lane, fence, ready_at)
      select ${consumer}, lane, extract(epoch from clock_timestamp())::numeric * 1000, now() from received
    on conflict (consumer, lane) do update set ready_at = coalesce(lane.ready_at, now())`.execute(history.db)
}
