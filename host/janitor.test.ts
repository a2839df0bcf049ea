import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { receive } from '../platform/history/inbox.ts'
import { cleanUp } from './janitor.ts'
import { openStage, received } from '../agents/test-stage.ts'

test('what has served its time goes, what is waited for or remembered stays', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const states = ['done', 'dead', 'cancelled', 'queued'] as const
  const ages = [1, 30]
  for (const [at, state] of states.entries())
    for (const days of ages) {
      const event = received('ann')
      const record = { topic: 'learning.events', partition: 0, offset: String(at) }
      await receive(stage.history, 'exercise', [{ event, record }])
      const finished = state === 'queued' ? sql`null` : sql`now() - make_interval(days => ${days})`
      await sql`update inbox set state = ${state}, received_at = now() - make_interval(days => ${days}), finished_at =
        ${finished}
        where idempotencykey = ${event.idempotencykey}`.execute(db)
    }
  await stage.publish(received('ann'), received('bob'))
  await sql`update log_record set at = now() - interval '7 days 1 minute' where key = 'ann'`.execute(db)
  await stage.ports.state.set('old', 1, { ttlSeconds: 1_000 })
  await sql`update state_entry set expires_at = now() - interval '1 second'`.execute(db)
  await stage.ports.state.set('kept', 1)
  for (const days of ages)
    await sql`insert into idempotency_key values ('ann', ${String(days)}, 'hash', 202, '{}', now() -
      make_interval(days => ${days}))`.execute(db)
  for (const days of ages)
    await sql`insert into model_call (call_key, student_id, day, outcome, answer_hash, called_at) values (${String(days)},
      'ann', current_date, 'worded', 'hash', now() - make_interval(days => ${days}))`.execute(db)
  for (const days of [29, 31])
    await sql`insert into letter_decision values ('learning.events', 0, ${String(days)}, 'exercise', now(), 'discarded',
      'tina', now() - make_interval(days => ${days}))`.execute(db)

  expect(await cleanUp(stage.history)).toEqual({
    inbox: 3,
    idempotency_key: 1,
    model_call: 1,
    letter_decision: 1,
    class_invitation: 0,
    state_entry: 1,
    log_record: 1,
  })
  expect((await db.selectFrom('inbox').select('state').orderBy('position').execute()).map(row => row.state)).toEqual([
    'done',
    'dead',
    'cancelled',
    'queued',
    'queued',
  ])
  expect(await db.selectFrom('log_record').select('key').execute()).toEqual([{ key: 'bob' }])
  expect(await db.selectFrom('state_entry').select('key').execute()).toEqual([{ key: 'kept' }])
  expect(await cleanUp(stage.history)).toEqual({
    inbox: 0,
    idempotency_key: 0,
    model_call: 0,
    letter_decision: 0,
    class_invitation: 0,
    state_entry: 0,
    log_record: 0,
  })
})

test('new records go on after the old ones of their partition are gone', async () => {
  await using stage = await openStage()
  await stage.publish(received('ann'), received('ann'))
  await sql`update log_record set at = now() - interval '8 days'`.execute(stage.history.db)
  await cleanUp(stage.history)
  const seen: string[] = []
  await using _member = await stage.log.subscribe({
    topic: 'learning.events',
    group: 'late',
    handle: async ({ offset }) => void seen.push(offset),
  })
  await stage.publish(received('ann'))
  await expect.poll(() => seen).toEqual(['2'])
})
