import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { PlatformError } from '../platform/errors.ts'
import { learningEvents } from '../schemas/topics.ts'
import type { EventOf } from '../schemas/learning-event.ts'
import { receive } from '../platform/history/inbox.ts'
import { grader, openStage, passed, received, type Stage } from './test-stage.ts'

const soon = { interval: 20, timeout: 20_000 }
const inbox = async ({ history }: Stage) => history.db.selectFrom('inbox').selectAll().orderBy('position').execute()
const put = async ({ history }: Stage, event: EventOf<'submission.received'>, offset: number) =>
  receive(history, 'exercise', [
    { event, record: { topic: learningEvents.name, partition: 0, offset: String(offset) } },
  ])

test('what was accepted waits for room for as long as there is none, and is never given up', async () => {
  await using stage = await openStage()
  const full = new PlatformError('TOO_MANY_REQUESTS', 'many wait already', { hint: 'Try again.' })
  const id = await stage.submit('ann')
  await put(stage, received('ann', id), 0)
  // One more failure that counts would be its last, and so would one more claim.
  await sql`update inbox set attempts = 4, claims = 24`.execute(stage.history.db)
  let calls = 0
  await stage.work(grader(async event => ((calls += 1), calls <= 3 ? Promise.reject(full) : passed(event))))
  const hurry = async () =>
    sql`with due as (update inbox set available_at = now()) update lane set ready_at = now()
      where ready_at > now()`.execute(stage.history.db)
  await expect.poll(async () => (await hurry(), stage.statusOf(id)), soon).toBe('done')
  expect(calls).toBe(4)
  expect(await inbox(stage)).toMatchObject([{ state: 'done', attempts: 4, claims: 25 }])
})

test('a student who sent much before the others takes turns with them', async () => {
  await using stage = await openStage()
  const worked: string[] = []
  for (let attempt = 1; attempt <= 30; attempt += 1)
    await put(stage, received('flo', await stage.submit('flo'), attempt), attempt)
  for (const student of ['ann', 'bob', 'cem']) await stage.publish(received(student, await stage.submit(student)))
  const { promise: mayWork, resolve: goOn } = Promise.withResolvers<void>()
  const one = { ...grader(async event => (await mayWork, worked.push(event.subject), passed(event))), concurrency: 1 }
  await stage.work(one)
  await expect.poll(async () => (await inbox(stage)).length, soon).toBe(33)
  goOn()
  await expect.poll(async () => (await inbox(stage)).filter(row => row.state === 'done').length, soon).toBe(33)
  expect(
    worked
      .slice(0, 7)
      .filter(student => student !== 'flo')
      .toSorted(),
  ).toEqual(['ann', 'bob', 'cem'])
})
