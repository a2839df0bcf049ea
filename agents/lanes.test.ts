import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { LearningEvent } from '../schemas/learning-event.ts'
import { claim, dropLeases, assertFence, finish, type Item, postpone, release, renew } from './lanes.ts'
import { receive } from '../platform/history/inbox.ts'
import { openStage, received, type Stage } from './test-stage.ts'

const at = (offset: number) => ({ topic: 'learning.events', partition: 0, offset: String(offset) })
const take = async ({ history }: Stage, owner = 'one', limit = 10): Promise<Item[]> =>
  claim(history, 'exercise', owner, limit, 20)
const put = async ({ history }: Stage, offset: number, event: LearningEvent = received('ann')): Promise<string> => (
  await receive(history, 'exercise', [{ event, record: at(offset) }]),
  event.idempotencykey
)
const expire = async ({ history }: Stage) =>
  sql`update lane set lease_until = now() - interval '1 second'`.execute(history.db)

test('a lane is claimed by one at a time, oldest lanes first, and its head is the event received first', async () => {
  await using stage = await openStage()
  const first = await put(stage, 0)
  await put(stage, 1)
  await put(stage, 2, received('bob'))
  await put(stage, 3, received('cem'))
  const items = await take(stage, 'one', 2)
  expect(items.map(item => item.lane).toSorted()).toEqual(['ann', 'bob'])
  expect(items.find(item => item.lane === 'ann')).toMatchObject({
    idempotencykey: first,
    claims: 1,
    attempts: 0,
    record: { offset: '0' },
  })
  expect((await take(stage, 'two')).map(item => item.lane)).toEqual(['cem'])
  expect(await take(stage, 'three')).toEqual([])
})

test('the next event of a student can be claimed once the one before it is finished', async () => {
  await using stage = await openStage()
  const keys = [await put(stage, 0), await put(stage, 1)]
  const done: string[] = []
  for (let [item] = await take(stage); item !== undefined; [item] = await take(stage)) {
    const head = item
    await stage.history.transaction(async trx => finish(trx, head, 'done'))
    done.push(head.idempotencykey)
  }
  expect(done).toEqual(keys)
})

test('a later claim has a higher fence, and its former holder cannot renew, write or release', async () => {
  await using stage = await openStage()
  await put(stage, 0)
  const [zombie] = await take(stage, 'one')
  await expire(stage)
  const [holder] = await take(stage, 'two')
  if (zombie === undefined || holder === undefined) throw new Error('both must have been given the lane')
  expect(BigInt(holder.fence)).toBeGreaterThan(BigInt(zombie.fence))
  expect(await renew(stage.history, zombie, 20)).toBe(false)
  await expect(stage.history.transaction(async trx => assertFence(trx, zombie))).rejects.toMatchObject({
    code: 'LEASE_LOST',
  })
  await stage.history.transaction(async trx => release(trx, zombie))
  expect(await take(stage, 'three')).toEqual([])
  expect(await renew(stage.history, holder, 20)).toBe(true)
  await stage.history.transaction(async trx => assertFence(trx, holder))
})

test('a claim that has run out may still write as long as nobody has taken the lane', async () => {
  await using stage = await openStage()
  await put(stage, 0)
  const [item] = await take(stage)
  await expire(stage)
  if (item === undefined) throw new Error('the lane must be free')
  await stage.history.transaction(async trx => assertFence(trx, item))
  expect(await renew(stage.history, item, 20)).toBe(true)
  expect(await take(stage, 'two')).toEqual([])
})

test('a postponed item holds its lane back until its time, and no other lane', async () => {
  await using stage = await openStage()
  await put(stage, 0)
  await put(stage, 1)
  const [item] = await take(stage)
  if (item === undefined) throw new Error('the lane must be free')
  await stage.history.transaction(async trx =>
    postpone(trx, item, { pauseSeconds: 3_600, error: 'later', counts: true }),
  )
  await put(stage, 2)
  await put(stage, 3, received('bob'))
  expect((await take(stage)).map(one => one.lane)).toEqual(['bob'])
  await sql`update inbox set available_at = now() where lane = 'ann'`.execute(stage.history.db)
  await sql`update lane set ready_at = now() where lane = 'ann'`.execute(stage.history.db)
  expect(await take(stage)).toMatchObject([
    { lane: 'ann', idempotencykey: item.idempotencykey, attempts: 1, claims: 2 },
  ])
})

test('what is received while the lane is held wakes it when the holder lets go', async () => {
  await using stage = await openStage()
  await put(stage, 0)
  const [item] = await take(stage)
  const next = await put(stage, 1)
  if (item === undefined) throw new Error('the lane must be free')
  await stage.history.transaction(async trx => finish(trx, item, 'dead', 'broken'))
  expect(await take(stage)).toMatchObject([{ idempotencykey: next }])
})

test('a lane without work that is claimed is given back and sleeps', async () => {
  await using stage = await openStage()
  const key = await put(stage, 0)
  await sql`update inbox set state = 'cancelled' where idempotencykey = ${key}`.execute(stage.history.db)
  expect(await take(stage)).toEqual([])
  expect(await stage.history.db.selectFrom('lane').select(['owner', 'ready_at']).execute()).toEqual([
    { owner: null, ready_at: null },
  ])
})

test('after an erasure the fence of the new lane is above all of the old one', async () => {
  await using stage = await openStage()
  await put(stage, 0)
  const [before] = await take(stage)
  await sql`delete from lane`.execute(stage.history.db)
  await put(stage, 1)
  const [after] = await take(stage)
  expect(BigInt(after?.fence ?? 0)).toBeGreaterThan(BigInt(before?.fence ?? 0))
})

test('an owner that starts alone drops all leases, and the holders of before are shut out', async () => {
  await using stage = await openStage()
  await put(stage, 0)
  const [before] = await take(stage)
  await dropLeases(stage.history)
  if (before === undefined) throw new Error('the lane must be free')
  expect(await renew(stage.history, before, 20)).toBe(false)
  await expect(stage.history.transaction(async trx => assertFence(trx, before))).rejects.toMatchObject({
    code: 'LEASE_LOST',
  })
  expect(await take(stage, 'two')).toMatchObject([{ idempotencykey: before.idempotencykey, claims: 2 }])
})

test('two agents that receive the same event work in lanes of their own', async () => {
  await using stage = await openStage()
  const event = received('ann')
  await receive(stage.history, 'exercise', [{ event, record: at(0) }])
  await receive(stage.history, 'progress', [{ event, record: at(0) }])
  expect(await take(stage)).toHaveLength(1)
  expect(await claim(stage.history, 'progress', 'one', 10, 20)).toHaveLength(1)
})

test('a claim among many lanes that wait costs no square of their number', async () => {
  await using stage = await openStage()
  const queue = async (from: number, to: number) =>
    sql`with lanes as (select 'student-' || number as lane
      from generate_series(${from}::int, ${to}::int) number), queued as (
        insert into inbox (consumer, idempotencykey, lane, event, topic, log_partition, log_offset)
        select 'exercise', 'key-' || lane, lane, ${JSON.stringify(received('ann'))}::jsonb, 'learning.events', 0, '0'
          from lanes
      )
      insert into lane (consumer, lane, ready_at) select 'exercise', lane, now() from lanes`.execute(stage.history.db)
  const secondsOfOne = async (): Promise<number> => {
    const start = performance.now()
    for (let round = 0; round < 10; round += 1) expect(await take(stage, 'one', 1)).toHaveLength(1)
    return performance.now() - start
  }
  await queue(1, 40)
  const few = await secondsOfOne()
  await queue(41, 2_000)
  const many = await secondsOfOne()
  // Fifty times the lanes may take up to 50 times as long, but not 2,500 times.
  expect(many / few).toBeLessThan(50)
})
