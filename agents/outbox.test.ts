import * as fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { EventLog } from '../platform/ports/event-log.ts'
import { PlatformError } from '../platform/errors.ts'
import { LearningEvent } from '../schemas/learning-event.ts'
import { learningEvents } from '../schemas/topics.ts'
import { enqueueEvents, relayOnce, startRelay } from './outbox.ts'
import { openStage, received, type Stage } from './test-stage.ts'

const soon = { interval: 20 }
const put = async ({ history }: Stage, events: LearningEvent[]) =>
  history.transaction(async trx => enqueueEvents(trx, events))
const waiting = async ({ history }: Stage) =>
  (await history.db.selectFrom('outbox').select('outbox_id').execute()).length

/** The events on the log, by student, in the order of each partition. */
async function published({ log }: Stage): Promise<Map<string, string[]>> {
  const pages = Array.from({ length: learningEvents.partitions }, async (_, partition) =>
    log.read(learningEvents.name, partition, '0', 500),
  )
  const events = (await Promise.all(pages)).flat().map(record => LearningEvent.parse(JSON.parse(record.value)))
  return new Map(
    [...Map.groupBy(events, event => event.subject)].map(([student, own]) => [student, own.map(event => event.id)]),
  )
}

const crash = new PlatformError('DEPENDENCY_DOWN', 'the process died here', { hint: '' })
/** The log as seen by a process that dies right after the messages were stored, before it gets the acknowledgement. */
const dyingAfterPublish = (log: EventLog): EventLog => ({
  ...log,
  publish: async (topic, messages) => {
    await log.publish(topic, messages)
    throw crash
  },
})

test('a crash between publishing and deleting repeats messages and loses none', async () => {
  await using stage = await openStage()
  const events = [received('ann'), received('ann'), received('bob')]
  await put(stage, events)
  await expect(relayOnce({ ...stage.ports, log: dyingAfterPublish(stage.log) }, 'one', 20)).rejects.toBe(crash)
  expect(await waiting(stage)).toBe(3)
  await sql`update lane set lease_until = now() - interval '1 second'`.execute(stage.history.db)
  expect(await relayOnce(stage.ports, 'two', 20)).toBe(3)
  expect(await waiting(stage)).toBe(0)
  const [one, two] = events
  expect((await published(stage)).get('ann')).toEqual([one?.id, two?.id, one?.id, two?.id])
})

test('a message is not sent while another relay holds the lease', async () => {
  await using stage = await openStage()
  await put(stage, [received('ann')])
  await expect(relayOnce({ ...stage.ports, log: dyingAfterPublish(stage.log) }, 'one', 20)).rejects.toBe(crash)
  expect(await relayOnce(stage.ports, 'two', 20)).toBe(0)
  expect(await waiting(stage)).toBe(1)
  expect(await relayOnce(stage.ports, 'one', 20)).toBe(1)
})

test('a relay whose log takes longer than the lease keeps it', async () => {
  await using stage = await openStage()
  await put(stage, [received('ann')])
  const seconds = 1
  const { promise: acknowledging, resolve: acknowledge } = Promise.withResolvers<void>()
  const slow: EventLog = {
    ...stage.log,
    publish: async (...what) => (await acknowledging, stage.log.publish(...what)),
  }
  const lease = async () =>
    (await stage.history.db.selectFrom('lane').select('lease_until').executeTakeFirst())?.lease_until?.getTime() ?? 0
  const first = relayOnce({ ...stage.ports, log: slow }, 'one', seconds)
  await expect.poll(lease, soon).toBeGreaterThan(0)
  const granted = await lease()
  await expect.poll(lease, soon).toBeGreaterThan(granted + seconds * 1_000)
  expect(await relayOnce(stage.ports, 'two', seconds)).toBe(0)
  acknowledge()
  expect(await first).toBe(1)
  expect((await published(stage)).get('ann')).toHaveLength(1)
})

test('two relays at once publish everything once, in order for each student', async () => {
  await using stage = await openStage()
  await using _one = startRelay(stage.ports, 'one', 20)
  await using _two = startRelay(stage.ports, 'two', 20)
  const expected = new Map<string, string[]>()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom('ann', 'bob', 'cem'), { maxLength: 6 }), { maxLength: 8 }),
      async transactions => {
        for (const students of transactions) {
          const events = students.map(student => received(student))
          for (const event of events) expected.set(event.subject, [...(expected.get(event.subject) ?? []), event.id])
          await put(stage, events)
        }
        _one.notify()
        _two.notify()
        await expect.poll(async () => waiting(stage), soon).toBe(0)
        expect(await published(stage)).toEqual(expected)
      },
    ),
    { numRuns: 10 },
  )
})

test('what a rolled back transaction wanted to tell is never published', async () => {
  await using stage = await openStage()
  await expect(
    stage.history.transaction(async trx => {
      await enqueueEvents(trx, [received('ann')])
      throw crash
    }),
  ).rejects.toBe(crash)
  expect(await relayOnce(stage.ports, 'one', 20)).toBe(0)
  expect(await published(stage)).toEqual(new Map())
})

test('a relay that is told to stop gives its lease up', async () => {
  await using stage = await openStage()
  const first = startRelay(stage.ports, 'one', 20)
  await put(stage, [received('ann')])
  first.notify()
  await expect.poll(async () => waiting(stage), soon).toBe(0)
  await first[Symbol.asyncDispose]()
  await put(stage, [received('ann')])
  expect(await relayOnce(stage.ports, 'two', 20)).toBe(1)
})
