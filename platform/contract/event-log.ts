import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DeadLetter } from '../../schemas/dead-letter.ts'
import { partitionOf } from '../../schemas/partitioner.ts'
import { deadLetterQueue, learningEvents } from '../../schemas/topics.ts'
import { PlatformError } from '../errors.ts'
import type { EventLog, LogRecord } from '../ports/event-log.ts'

/**
 * A log with the dead-letter queue, and a way to stop its server. Suites share one: each uses its own topics and
 * groups.
 */
export interface LogUnderTest extends AsyncDisposable {
  log: EventLog
  kill(): Promise<void>
}

/** A new topic with the partition count of `learning.events`. */
export async function freshTopic(log: EventLog, partitions: number = learningEvents.partitions): Promise<string> {
  const name = `test.${randomUUID()}`
  await log.createTopic({ ...learningEvents, name, partitions })
  return name
}

/** All records of a topic, by partition. */
export async function contents(log: EventLog, topic: string): Promise<LogRecord[][]> {
  const { partitions } = (await log.topics()).find(({ name }) => name === topic) ?? { partitions: 0 }
  const all: LogRecord[][] = []
  for (let partition = 0; partition < partitions; partition += 1) {
    const records: LogRecord[] = []
    for (let page = await log.read(topic, partition, '0', 100); page.length > 0;) {
      records.push(...page)
      page = await log.read(topic, partition, String(BigInt(page.at(-1)?.offset ?? 0) + 1n), 100)
    }
    all.push(records)
  }
  return all
}

/** The dead letters about records of a topic. */
export async function lettersOf(log: EventLog, topic: string): Promise<DeadLetter[]> {
  const records = (await contents(log, deadLetterQueue.name)).flat().filter(({ value }) => value.includes(topic))
  return records.map(({ value }) => DeadLetter.parse(JSON.parse(value)))
}

/**
 * The contract of every event log: storing, order, groups, failure. `consumer-group.ts` covers the sharing of
 * partitions. `openOwn` opens one with its own server, for the case that stops it.
 */
export function eventLogContract(driver: string, open: () => Promise<LogUnderTest>, openOwn = open): void {
  describe(`event log: ${driver}`, () => {
    let opened: LogUnderTest
    let log: EventLog
    beforeAll(async () => {
      opened = await open()
      log = opened.log
    })
    afterAll(async () => opened[Symbol.asyncDispose]())

    test('every message is stored once, unchanged, on the murmur2 partition of its key, in order per key', async () => {
      const topic = await freshTopic(log)
      const sent: { key: string; value: string }[] = []
      const message = fc.record({
        key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        text: fc.string({ unit: 'grapheme' }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(message, { maxLength: 30 }), async batch => {
          const messages = batch.map(({ key, text }, at) => ({
            key: key.replaceAll('\0', '0'),
            value: JSON.stringify({ text, nr: sent.length + at }),
          }))
          await log.publish(topic, messages)
          sent.push(...messages)
        }),
        { numRuns: 30 },
      )
      for (const [partition, records] of (await contents(log, topic)).entries()) {
        expect(records.map(({ offset }) => offset)).toEqual(records.map((_, at) => String(at)))
        expect(records.map(({ key, value }) => ({ key, value }))).toEqual(
          sent.filter(({ key }) => partitionOf(key, learningEvents.partitions) === partition),
        )
      }
    })

    test('a batch larger than a page or a statement is stored whole', async () => {
      const topic = await freshTopic(log, 1)
      const messages = Array.from({ length: 15_000 }, (_, nr) => ({ key: `s${nr % 7}`, value: String(nr) }))
      await log.publish(topic, messages)
      const [records] = await contents(log, topic)
      expect(records?.map(({ value }) => value)).toEqual(messages.map(({ value }) => value))
    })

    test('creating a topic again changes nothing', async () => {
      const name = await freshTopic(log)
      expect(await log.createTopic({ ...learningEvents, name })).toBe('unchanged')
      expect((await log.topics()).filter(topic => topic.name === name)).toMatchObject([{ name, partitions: 12 }])
    })

    test('each group has its own offset, a new group starts at the oldest message, and lag counts unread messages', async () => {
      const topic = await freshTopic(log)
      await log.publish(
        topic,
        Array.from({ length: 40 }, (_, nr) => ({ key: `s${nr}`, value: String(nr) })),
      )
      const lag = async (group: string): Promise<number> =>
        (await log.lag(topic, group)).reduce((sum, partition) => sum + partition.lag, 0)
      for (const group of ['one', 'other']) {
        expect(await lag(group)).toBe(40)
        expect((await log.lag(topic, group)).map(({ started }) => started)).not.toContain(true)
        const seen: string[] = []
        await using _member = await log.subscribe({ topic, group, handle: async ({ value }) => void seen.push(value) })
        await expect.poll(() => seen.length).toBe(40)
        await expect.poll(async () => lag(group)).toBe(0)
        expect((await log.lag(topic, group)).some(({ started }) => started)).toBe(true)
      }
      await log.publish(topic, [{ key: 's1', value: 'later' }])
      expect(await lag('one')).toBe(1)
      for (const { end, committed, lag: behind } of await log.lag(topic, 'one'))
        expect(Number(end) - Number(committed)).toBe(behind)
    })

    test('a member that comes back goes on where its group stopped', async () => {
      const topic = await freshTopic(log, 1)
      const seen: string[] = []
      for (const value of ['a', 'b', 'c']) {
        await log.publish(topic, [{ key: 's1', value }])
        await using _member = await log.subscribe({
          topic,
          group: 'g',
          handle: async record => void seen.push(record.value),
        })
        await expect.poll(() => seen.at(-1)).toBe(value)
      }
      expect(seen).toEqual(['a', 'b', 'c'])
    })

    test('a record whose handler failed is delivered again, before what follows it', async () => {
      const topic = await freshTopic(log, 1)
      const calls: string[] = []
      const handle = async ({ value }: LogRecord): Promise<void> => {
        calls.push(value)
        if (calls.length === 1) throw new Error('the first time')
      }
      await using _member = await log.subscribe({ topic, group: 'g', handle })
      await log.publish(topic, [
        { key: 's1', value: 'a' },
        { key: 's1', value: 'b' },
      ])
      await expect.poll(() => calls).toEqual(['a', 'a', 'b'])
    })

    test('a handler that takes several records gets each once and in order, and what it refuses one by one', async () => {
      const topic = await freshTopic(log, 1)
      const values = Array.from({ length: 500 }, (_, nr) => (nr === 250 ? 'poison' : String(nr)))
      await log.publish(
        topic,
        values.map(value => ({ key: 's1', value })),
      )
      const handled: string[] = []
      const refuse = (found: boolean): void => {
        if (found) throw new PlatformError('INVALID_INPUT', 'no event of ours', { hint: 'find its author' })
      }
      const handle = async ({ value }: LogRecord): Promise<void> => {
        refuse(value === 'poison')
        handled.push(value)
      }
      const handleAll = async (records: readonly LogRecord[]): Promise<void> => {
        refuse(records.some(({ value }) => value === 'poison'))
        handled.push(...records.map(({ value }) => value))
      }
      await using _member = await log.subscribe({ topic, group: 'g', handle, handleAll })
      await expect.poll(() => handled.length).toBe(499)
      expect(handled).toEqual(values.filter(value => value !== 'poison'))
      const lag = async (): Promise<number> => (await log.lag(topic, 'g'))[0]?.lag ?? -1
      await expect.poll(lag).toBe(0)
      const letters = await lettersOf(log, topic)
      expect(letters).toMatchObject([{ value: 'poison', offset: '250' }])
    })

    test('a retryable failure is tried again for as long as it takes', async () => {
      const topic = await freshTopic(log, 1)
      let calls = 0
      let done = false
      const handle = async (): Promise<void> => {
        calls += 1
        if (calls <= 6) throw new PlatformError('DEPENDENCY_DOWN', 'not yet', { hint: 'wait' })
        done = true
      }
      await using _member = await log.subscribe({ topic, group: 'g', handle })
      await log.publish(topic, [{ key: 's1', value: 'a' }])
      await expect.poll(() => done).toBe(true)
      expect(await lettersOf(log, topic)).toEqual([])
    })

    test('a terminal failure is dead-lettered at once, an unexpected one after 5 tries, and the partition goes on', async () => {
      const topic = await freshTopic(log, 1)
      const calls: string[] = []
      const handle = async ({ value }: LogRecord): Promise<void> => {
        calls.push(value)
        if (value === 'poison')
          throw new PlatformError('INVALID_INPUT', 'no event of ours', { hint: 'find its author' })
        if (value === 'bug') throw new TypeError('x is not a function')
      }
      await using _member = await log.subscribe({ topic, group: 'g', handle })
      await log.publish(
        topic,
        ['poison', 'bug', 'good'].map(value => ({ key: 'ключ', value })),
      )
      await expect.poll(() => calls).toEqual(['poison', 'bug', 'bug', 'bug', 'bug', 'bug', 'good'])
      const letters = await lettersOf(log, topic)
      expect(letters).toMatchObject([
        {
          code: 'INVALID_INPUT',
          message: 'no event of ours',
          hint: 'find its author',
          value: 'poison',
          attempts: 1,
          offset: '0',
        },
        {
          code: 'INTERNAL',
          message: 'x is not a function',
          value: 'bug',
          attempts: 5,
          offset: '1',
          key: 'ключ',
          group: 'g',
          partition: 0,
        },
      ])
    })

    test('an unknown topic is NOT_FOUND', async () => {
      const topic = `test.${randomUUID()}`
      const missing = { code: 'NOT_FOUND' }
      await expect(log.publish(topic, [{ key: 's1', value: 'a' }])).rejects.toMatchObject(missing)
      await expect(log.subscribe({ topic, group: 'g', handle: async () => {} })).rejects.toMatchObject(missing)
      await expect(log.lag(topic, 'g')).rejects.toMatchObject(missing)
      await expect(log.members(topic, 'g')).rejects.toMatchObject(missing)
      await expect(log.read(topic, 0, '0', 1)).rejects.toMatchObject(missing)
    })

    test('a dead server: every method says DEPENDENCY_DOWN, and nothing is handled', async () => {
      await using dying = await openOwn()
      const topic = await freshTopic(dying.log)
      let handled = 0
      await using _member = await dying.log.subscribe({ topic, group: 'g', handle: async () => void (handled += 1) })
      await dying.kill()
      const down = { code: 'DEPENDENCY_DOWN' }
      await expect(dying.log.publish(topic, [{ key: 's1', value: 'a' }])).rejects.toMatchObject(down)
      await expect(dying.log.topics()).rejects.toMatchObject(down)
      await expect(dying.log.createTopic(learningEvents)).rejects.toMatchObject(down)
      await expect(dying.log.subscribe({ topic, group: 'h', handle: async () => {} })).rejects.toMatchObject(down)
      await expect(dying.log.lag(topic, 'g')).rejects.toMatchObject(down)
      await expect(dying.log.members(learningEvents.name, 'g')).rejects.toMatchObject(down)
      await expect(dying.log.read(topic, 0, '0', 1)).rejects.toMatchObject(down)
      await sleep(200)
      expect(handled).toBe(0)
    })
  })
}
