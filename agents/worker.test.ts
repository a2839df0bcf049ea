import { sql } from 'kysely'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlatformError } from '../platform/errors.ts'
import { learningEvents } from '../schemas/topics.ts'
import { readLetters } from '../platform/log/dead-letters.ts'
import { receive } from '../platform/history/inbox.ts'
import { grader, openStage, passed, received, type Stage } from './test-stage.ts'

const soon = { interval: 20 }
const refused = new PlatformError('EXERCISE_FAULTY', 'the exercise is broken', { hint: 'Mend its file.' })
const down = new PlatformError('DEPENDENCY_DOWN', 'the sandbox does not answer', { hint: 'learnflow status' })

const inbox = async ({ history }: Stage) => history.db.selectFrom('inbox').selectAll().orderBy('position').execute()
const grades = async ({ history }: Stage) => history.db.selectFrom('grade').selectAll().execute()
const settled = async (stage: Stage, count: number) =>
  expect.poll(async () => (await inbox(stage)).filter(row => row.state !== 'queued').length, soon).toBe(count)
/** Removes the pauses between attempts. */
const hurry = async ({ history }: Stage) =>
  sql`with due as (update inbox set available_at = now() where state = 'queued') update lane set ready_at = now()
    where ready_at > now()`.execute(history.db)
const lagOf = async ({ log }: Stage) =>
  (await log.lag(learningEvents.name, 'exercise')).reduce((sum, { lag }) => sum + lag, 0)

test('a submission is persisted, acknowledged, worked on and its request done', async () => {
  await using stage = await openStage()
  const { promise: mayWork, resolve: goOn } = Promise.withResolvers<void>()
  stage.relay()
  const worker = await stage.work(grader(async event => (await mayWork, passed(event))))
  const id = await stage.submit('ann')
  await expect.poll(async () => stage.statusOf(id), soon).toBe('working')
  // The work has not ended, yet the event is acknowledged, because it is stored in the inbox.
  await expect.poll(async () => lagOf(stage), soon).toBe(0)
  expect(await inbox(stage)).toMatchObject([{ state: 'queued', lane: 'ann', claims: 1 }])
  expect(worker.busy()).toBe(1)
  goOn()
  await expect.poll(async () => stage.statusOf(id), soon).toBe('done')
  expect(await grades(stage)).toMatchObject([{ submission_id: id, score: 1 }])
  const { rows } = await sql<{
    type: string
  }>`select type from request_event where request_id = ${id} order by event_id`.execute(stage.history.db)
  expect(rows.map(row => row.type)).toEqual(['queued', 'working', 'done'])
})

test('two workers keep the order of each of many interleaved students and work each event once', async () => {
  await using stage = await openStage()
  const worked: { student: string; id: string }[] = []
  const running = new Set<string>()
  const agent = grader(async ({ subject, data }) => {
    expect(running.has(subject)).toBe(false)
    running.add(subject)
    await new Promise(resolve => setTimeout(resolve, data.attempt % 3))
    running.delete(subject)
    worked.push({ student: subject, id: data.submission_id })
    return {}
  })
  await stage.work(agent)
  await stage.work(agent)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ student: fc.constantFrom('ann', 'bob', 'cem', 'dee'), twice: fc.boolean() }), {
        minLength: 1,
        maxLength: 20,
      }),
      async plan => {
        worked.length = 0
        const events = await Promise.all(
          plan.map(async ({ student }, at) => received(student, await stage.submit(student), at + 1)),
        )
        const before = (await inbox(stage)).length
        for (const [at, event] of events.entries()) await stage.publish(event, ...(plan[at]?.twice ? [event] : []))
        await settled(stage, before + events.length)
        for (const student of new Set(plan.map(one => one.student)))
          expect(worked.filter(one => one.student === student).map(one => one.id)).toEqual(
            events.filter(event => event.subject === student).map(event => event.data.submission_id),
          )
      },
    ),
    { numRuns: 8 },
  )
})

test('an event repeated with another id or offset, or after a crash before the ack, is worked once', async () => {
  await using stage = await openStage()
  let calls = 0
  const agent = grader(async event => ((calls += 1), passed(event)))
  const first = await stage.work(agent)
  const id = await stage.submit('ann')
  const event = received('ann', id)
  await stage.publish(event, { ...event, id: crypto.randomUUID() })
  await settled(stage, 1)
  await first[Symbol.asyncDispose]()
  // As if the process had died before it acknowledged: the group reads everything again.
  await sql`delete from log_commit where group_name = 'exercise'`.execute(stage.history.db)
  await stage.work(agent)
  await expect.poll(async () => lagOf(stage), soon).toBe(0)
  expect(calls).toBe(1)
  expect(await grades(stage)).toHaveLength(1)
})

test('a zombie whose lease ran out writes nothing when another worker has taken over', async () => {
  await using stage = await openStage()
  const { promise: hung, resolve: wakeZombie } = Promise.withResolvers<void>()
  let calls = 0
  const agent = grader(async event => {
    calls += 1
    if (calls > 1) return passed(event, 1)
    await hung
    return passed(event, 0.5)
  })
  const zombie = await stage.work(agent)
  const id = await stage.submit('ann')
  await stage.publish(received('ann', id))
  await expect.poll(() => calls, soon).toBe(1)
  await stage.work(agent)
  await sql`update lane set lease_until = now() - interval '1 second'`.execute(stage.history.db)
  await expect.poll(async () => stage.statusOf(id), soon).toBe('done')
  wakeZombie()
  await zombie[Symbol.asyncDispose]()
  expect(calls).toBe(2)
  expect(await grades(stage)).toMatchObject([{ score: 1 }])
  const { rows } = await sql`select 1 from outbox where value like '%submission.graded%'`.execute(stage.history.db)
  expect(rows).toHaveLength(1)
})

test('a handler that takes longer than the lease keeps its lane', async () => {
  await using stage = await openStage()
  const seconds = 5
  const { promise: finishing, resolve: finish } = Promise.withResolvers<void>()
  let calls = 0
  const agent = grader(async event => {
    calls += 1
    await finishing
    return passed(event)
  })
  await stage.work(agent, seconds)
  await stage.work(agent, seconds)
  await stage.publish(received('ann', await stage.submit('ann')))
  const lease = async () =>
    (await stage.history.db.selectFrom('lane').select('lease_until').executeTakeFirst())?.lease_until?.getTime() ?? 0
  await expect.poll(lease, soon).toBeGreaterThan(0)
  const first = await lease()
  await expect.poll(lease, soon).toBeGreaterThan(first + seconds * 1_000)
  finish()
  await settled(stage, 1)
  expect(calls).toBe(1)
})

test('a terminal failure becomes a dead letter with code and hint, fails its request, frees the lane', async () => {
  await using stage = await openStage()
  stage.relay()
  await stage.work(grader(async event => (event.data.code === 'broken' ? Promise.reject(refused) : passed(event))))
  const [bad, good] = [await stage.submit('ann', 'broken'), await stage.submit('ann')]
  await expect.poll(async () => stage.statusOf(good), soon).toBe('done')
  expect(await stage.statusOf(bad)).toBe('failed')
  expect(
    await stage.history.db.selectFrom('request').select('error').where('request_id', '=', bad).executeTakeFirst(),
  ).toMatchObject({
    error: { code: 'EXERCISE_FAULTY', hint: 'Mend its file.' },
  })
  await expect
    .poll(async () => readLetters(stage, {}), soon)
    .toMatchObject([
      {
        code: 'EXERCISE_FAULTY',
        hint: 'Mend its file.',
        group: 'exercise',
        key: 'ann',
        topic: learningEvents.name,
        attempts: 1,
      },
    ])
})

test('a retryable failure is tried again with growing pauses, in order, 5 times at most', async () => {
  await using stage = await openStage()
  const pauses: number[] = []
  const worked: string[] = []
  const agent = grader(async event => {
    worked.push(event.data.code)
    return event.data.code === 'first' ? Promise.reject(down) : passed(event)
  })
  await stage.work(agent)
  const ids = [await stage.submit('ann', 'first'), await stage.submit('ann', 'second')]
  await stage.publish(...ids.map((id, at) => received('ann', id, at + 1, at === 0 ? 'first' : 'second')))
  for (let attempt = 1; attempt < 5; attempt += 1) {
    await expect.poll(async () => (await inbox(stage))[0]?.attempts, soon).toBe(attempt)
    const { rows } = await sql<{
      pause: number
    }>`select extract(epoch from available_at - now())::float as pause from inbox order by position limit 1`.execute(
      stage.history.db,
    )
    pauses.push(rows[0]?.pause ?? 0)
    await hurry(stage)
  }
  await settled(stage, 2)
  expect(worked).toEqual(['first', 'first', 'first', 'first', 'first', 'second'])
  for (const [at, pause] of pauses.entries()) expect(pause).toBeLessThanOrEqual(2 ** at)
  expect(pauses[3]).toBeGreaterThan(pauses[0] ?? Infinity)
  expect(await inbox(stage)).toMatchObject([{ state: 'dead', attempts: 4 }, { state: 'done' }])
})

test('an outcome that the history refuses fails like any other and does not hold the student up', async () => {
  await using stage = await openStage()
  await stage.work(grader(async event => passed(event, 1, event.data.attempt === 1 ? 7 : 1)))
  const ids = [await stage.submit('ann'), await stage.submit('ann')]
  await stage.publish(...ids.map((id, at) => received('ann', id, at + 1)))
  await expect.poll(async () => (await hurry(stage), stage.statusOf(ids[1] ?? '')), soon).toBe('done')
  expect(await stage.statusOf(ids[0] ?? '')).toBe('failed')
  expect(await grades(stage)).toMatchObject([{ submission_id: ids[1] }])
})

test('a request cancelled before or during its work gets no grade, and the next one is graded', async () => {
  await using stage = await openStage()
  const { promise: hung, resolve: goOn } = Promise.withResolvers<void>()
  const begun: string[] = []
  const cancel = async (id: string) =>
    stage.history.db.updateTable('request').set({ status: 'cancelled' }).where('request_id', '=', id).execute()
  const [before, during, after] = [await stage.submit('ann'), await stage.submit('ann'), await stage.submit('ann')]
  await cancel(before)
  await stage.work(
    grader(async event => {
      begun.push(event.data.submission_id)
      if (event.data.submission_id === during) await hung
      return passed(event)
    }),
  )
  await stage.publish(received('ann', before, 1), received('ann', during, 2), received('ann', after, 3))
  await expect.poll(() => begun, soon).toEqual([during])
  await cancel(during)
  goOn()
  await expect.poll(async () => stage.statusOf(after), soon).toBe('done')
  expect(begun).toEqual([during, after])
  expect(await grades(stage)).toMatchObject([{ submission_id: after }])
  expect((await inbox(stage)).map(row => row.state)).toEqual(['cancelled', 'cancelled', 'done'])
})

test('an event that killed its worker again and again is given up, and the lane goes on', async () => {
  await using stage = await openStage()
  const deadly = await stage.submit('ann')
  const worked: string[] = []
  const agent = grader(async event => (worked.push(event.data.submission_id), passed(event)))
  const first = await stage.work(agent)
  await first[Symbol.asyncDispose]()
  const record = { topic: learningEvents.name, partition: 0, offset: '0' }
  await receive(stage.history, 'exercise', [{ event: received('ann', deadly), record }])
  await sql`update inbox set claims = 25`.execute(stage.history.db)
  const harmless = await stage.submit('ann')
  await stage.publish(received('ann', harmless, 2))
  await stage.work(agent)
  await expect.poll(async () => stage.statusOf(harmless), soon).toBe('done')
  expect(worked).toEqual([harmless])
  expect(await stage.statusOf(deadly)).toBe('failed')
  expect((await inbox(stage)).find(row => row.state === 'dead')?.last_error).toContain('25 times')
})

test('a worker that is told to stop finishes the item in hand and takes no other', async () => {
  await using stage = await openStage()
  const { promise: hung, resolve: goOn } = Promise.withResolvers<void>()
  let calls = 0
  const worker = await stage.work(grader(async event => ((calls += 1), await hung, passed(event))))
  const ids = [await stage.submit('ann'), await stage.submit('ann')]
  await stage.publish(...ids.map((id, at) => received('ann', id, at + 1)))
  await expect.poll(() => calls, soon).toBe(1)
  const stopped = worker[Symbol.asyncDispose]()
  goOn()
  await stopped
  expect(calls).toBe(1)
  expect(await Promise.all(ids.map(stage.statusOf))).toEqual(['done', 'queued'])
})
