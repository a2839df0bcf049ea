import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { grader, openStage, passed, type Stage } from '../agents/test-stage.ts'
import { findUndelivered } from '../platform/log/undelivered.ts'
import { questionRouted } from '../schemas/events.ts'
import { reconcile } from './reconciler.ts'

/** Makes every request older than the minute in which its event has to arrive. */
const grow = async ({ history }: Stage) =>
  sql`update request set created_at = created_at - interval '2 minutes'`.execute(history.db)
const lose = async ({ history }: Stage) => history.db.deleteFrom('outbox').execute()
const portsOf = ({ history, log, ports }: Stage) => ({ history, log, logger: ports.logger })

test('what the log has lost is published again, in order, and handled once', async () => {
  await using stage = await openStage()
  const ids = [await stage.submit('ann'), await stage.submit('ann'), await stage.submit('bob')]
  await lose(stage)
  expect(await reconcile(portsOf(stage)), 'a minute has not passed').toEqual([])
  await grow(stage)
  const recent = new Map<string, number>()
  expect(await reconcile(portsOf(stage), recent)).toEqual(ids)
  expect(await reconcile(portsOf(stage), recent), 'it stands in the outbox').toEqual([])
  const rows = await stage.history.db.selectFrom('outbox').select('value').orderBy('outbox_id').execute()
  expect(rows.map(({ value }) => JSON.parse(value).data.submission_id)).toEqual(ids)
  await stage.work(grader(async event => passed(event)))
  stage.relay()
  for (const id of ids) await expect.poll(async () => stage.statusOf(id)).toBe('done')
  expect(await reconcile(portsOf(stage))).toEqual([])
})

test('what waits in the outbox, in the log or in an inbox is not lost', async () => {
  await using stage = await openStage()
  await stage.submit('ann')
  await grow(stage)
  expect(await findUndelivered(stage.history, stage.log), 'outbox').toEqual([])
  stage.relay()
  await stage.submit('bob')
  await expect.poll(async () => stage.history.db.selectFrom('outbox').selectAll().execute()).toEqual([])
  await grow(stage)
  expect(await findUndelivered(stage.history, stage.log), 'ahead of its agent in the log').toEqual([])
  await stage.history.db.deleteFrom('log_record').execute()
  const lost = await findUndelivered(stage.history, stage.log)
  expect(lost.map(({ student_id }) => student_id)).toEqual(['ann', 'bob'])
})

test('a question from before events were kept is not taken for lost: nobody can tell where its event is', async () => {
  await using stage = await openStage()
  const request = { request_id: crypto.randomUUID(), student_id: 'ann', kind: 'question', agent: 'exercise' } as const
  await stage.history.db
    .insertInto('request')
    .values({ ...request, traceparent: '00-00000000000000000000000000000001-0000000000000001-01' })
    .execute()
  await grow(stage)
  expect(await findUndelivered(stage.history, stage.log)).toEqual([])
})

test('what is lost is found behind any number of requests that only wait', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const id = crypto.randomUUID()
  const event = questionRouted.of(
    'ann',
    { request_id: id, text: 'why?', code: null, intent: 'concepts', confidence: 1, agent: 'concepts' },
    { key: [id], source: '/api', traceparent: undefined },
  )
  await sql`with many as (
      select gen_random_uuid() as id, jsonb_set(${JSON.stringify(event)}::jsonb, '{idempotencykey}',
        to_jsonb(md5(nr::text))) as event from generate_series(1, 5500) nr
    ), waiting as (
      insert into inbox (consumer, idempotencykey, lane, event, topic, log_partition, log_offset)
        select 'concepts', event->>'idempotencykey', 'ann', event, 'learning.events', 0, '0' from many
    )
    insert into request (request_id, student_id, kind, agent, traceparent, event)
      select id, 'ann', 'question', 'concepts', ${event.traceparent}, event from many`.execute(db)
  await grow(stage)
  await stage.submit('bob')
  await lose(stage)
  await grow(stage)
  await sql`update request set created_at = created_at - interval '1 hour' where student_id = 'ann'`.execute(db)
  expect((await findUndelivered(stage.history, stage.log)).map(({ student_id }) => student_id)).toEqual(['bob'])
})

test('a question is published again with the event that was kept', async () => {
  await using stage = await openStage()
  const id = crypto.randomUUID()
  const event = questionRouted.of(
    'ann',
    { request_id: id, text: 'why?', code: null, intent: 'concepts', confidence: 1, agent: 'exercise' },
    { key: [id], source: '/api', traceparent: undefined },
  )
  await stage.history.db
    .insertInto('request')
    .values({
      request_id: id,
      student_id: 'ann',
      kind: 'question',
      agent: 'exercise',
      traceparent: event.traceparent,
      event: JSON.stringify(event),
    })
    .execute()
  await grow(stage)
  expect(await reconcile(portsOf(stage))).toEqual([id])
  const [row] = await stage.history.db.selectFrom('outbox').select(['key', 'value']).execute()
  expect(row?.key).toBe('ann')
  expect(JSON.parse(row?.value ?? '')).toEqual(event)
})
