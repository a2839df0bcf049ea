import { expect, test } from 'vitest'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { receive } from '../platform/history/inbox.ts'
import { openStage, received } from './test-stage.ts'

const at = (event: LearningEvent, offset: number) => ({
  event,
  record: { topic: 'learning.events', partition: 0, offset: String(offset) },
})

test('events that come together stand in their order, one for each business key, and wake each lane', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const all = Array.from({ length: 60 }, (_, nr) => received(`s${nr % 3}`))
  const [again] = all
  if (again === undefined) throw new Error('there is no event')
  await receive(stage.history, 'exercise', [...all, again].map(at))
  await receive(stage.history, 'exercise', all.map(at))
  const rows = await db.selectFrom('inbox').selectAll().orderBy('position').execute()
  expect(rows.map(row => row.idempotencykey)).toEqual(all.map(event => event.idempotencykey))
  expect(rows.map(row => row.log_offset)).toEqual(all.map((_, nr) => String(nr)))
  const lanes = await db
    .selectFrom('lane')
    .select('lane')
    .where('consumer', '=', 'exercise')
    .orderBy('ready_at')
    .execute()
  expect(lanes.map(({ lane }) => lane)).toEqual(['s0', 's1', 's2'])
})

test('among events that come together a dead letter is queued again only from another position', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const id = await stage.submit('ann')
  const event = received('ann', id)
  await receive(stage.history, 'exercise', [at(event, 0)])
  await db.updateTable('inbox').set({ state: 'dead' }).execute()
  await db.updateTable('request').set({ status: 'failed' }).execute()
  await receive(stage.history, 'exercise', [at(event, 0), at(received('bob'), 1)])
  expect(await stage.statusOf(id)).toBe('failed')
  await receive(stage.history, 'exercise', [at(event, 0), at(event, 7), at(received('bob'), 8)])
  expect(await stage.statusOf(id)).toBe('queued')
  const row = await db.selectFrom('inbox').selectAll().where('lane', '=', 'ann').executeTakeFirstOrThrow()
  expect(row).toMatchObject({ state: 'queued', log_offset: '7' })
})
