import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { learningEvents } from '../../schemas/topics.ts'
import type { EventLog, LogRecord, Subscription } from '../ports/event-log.ts'
import { freshTopic, type LogUnderTest } from './event-log.ts'

const all = Array.from({ length: learningEvents.partitions }, (_, partition) => partition)

/** The contract of a consumer group's members: sharing partitions, and draining a member that leaves. */
export function consumerGroupContract(driver: string, open: () => Promise<LogUnderTest>): void {
  describe(`consumer group: ${driver}`, () => {
    let opened: LogUnderTest
    let log: EventLog
    beforeAll(async () => {
      opened = await open()
      log = opened.log
    })
    afterAll(async () => opened[Symbol.asyncDispose]())

    /**
     * A slow handler that records whether a partition ever has two readers and in which order each key was first seen.
     */
    const observer = () => {
      const busy = new Map<number, number>()
      const seen = new Map<string, number[]>()
      let maxReaders = 0
      const handle = async ({ partition, key, value }: LogRecord): Promise<void> => {
        busy.set(partition, (busy.get(partition) ?? 0) + 1)
        maxReaders = Math.max(maxReaders, busy.get(partition) ?? 0)
        const numbers = seen.get(key) ?? []
        if (!numbers.includes(Number(value))) numbers.push(Number(value))
        seen.set(key, numbers)
        await sleep(1)
        busy.set(partition, (busy.get(partition) ?? 0) - 1)
      }
      return {
        handle,
        seen,
        maxReaders: () => maxReaders,
        count: () => [...seen.values()].reduce((sum, numbers) => sum + numbers.length, 0),
      }
    }

    test('members that come and go share the partitions: no record is lost or read by two, and each key keeps its order', async () => {
      const topic = await freshTopic(log)
      const { handle, seen, maxReaders, count } = observer()
      const join = async (): Promise<Subscription> => log.subscribe({ topic, group: 'g', handle })
      const publishing = (async () => {
        for (let nr = 0; nr < 30; nr += 1)
          await log.publish(
            topic,
            Array.from({ length: 25 }, (_, student) => ({ key: `s${student}`, value: String(nr) })),
          )
      })()
      const held = (...members: Subscription[]): number[] =>
        members.flatMap(member => member.assigned()).toSorted((one, other) => one - other)
      /** The answer that any process would get. */
      const told = async (): Promise<number[]> =>
        (await log.members(topic, 'g')).flat().toSorted((one, other) => one - other)
      expect(await log.members(topic, 'g')).toEqual([])
      const first = await join()
      await expect.poll(() => held(first)).toEqual(all)
      const second = await join()
      await expect.poll(() => held(first, second)).toEqual(all)
      expect(second.assigned().length).toBe(6)
      await expect.poll(told).toEqual(all)
      expect((await log.members(topic, 'g')).map(partitions => partitions.length)).toEqual([6, 6])
      const [third] = await Promise.all([join(), first[Symbol.asyncDispose]()])
      await expect.poll(() => held(second, third)).toEqual(all)
      expect(first.assigned()).toEqual([])
      await publishing
      await expect.poll(count).toBe(25 * 30)
      await Promise.all([second, third].map(async member => member[Symbol.asyncDispose]()))
      expect(maxReaders()).toBe(1)
      for (const numbers of seen.values()) expect(numbers).toEqual(Array.from({ length: 30 }, (_, nr) => nr))
    })

    test('more members than partitions: the surplus waits, and takes over when one leaves', async () => {
      const topic = await freshTopic(log, 1)
      const seen: string[] = []
      const handle = async ({ value }: LogRecord): Promise<void> => void seen.push(value)
      await using one = await log.subscribe({ topic, group: 'g', handle })
      await using other = await log.subscribe({ topic, group: 'g', handle })
      await expect.poll(() => [...one.assigned(), ...other.assigned()]).toEqual([0])
      const holder = one.assigned().length > 0 ? one : other
      await holder[Symbol.asyncDispose]()
      await holder[Symbol.asyncDispose]()
      await log.publish(topic, [{ key: 's1', value: 'a' }])
      await expect.poll(() => seen).toEqual(['a'])
    })

    test('leaving finishes and commits the record in hand, and takes no other', async () => {
      const topic = await freshTopic(log, 1)
      const inHand = Promise.withResolvers<void>()
      const gate = Promise.withResolvers<void>()
      const finished: string[] = []
      const handle = async ({ value }: LogRecord): Promise<void> => {
        inHand.resolve()
        await gate.promise
        finished.push(value)
      }
      const member = await log.subscribe({ topic, group: 'g', handle })
      await log.publish(
        topic,
        ['a', 'b'].map(value => ({ key: 's1', value })),
      )
      await inHand.promise
      const left = member[Symbol.asyncDispose]()
      expect(await Promise.race([left.then(() => 'left'), sleep(300, 'waiting')])).toBe('waiting')
      gate.resolve()
      await left
      expect(finished).toEqual(['a'])
      expect(await log.lag(topic, 'g')).toMatchObject([{ committed: '1', lag: 1 }])
      await using _next = await log.subscribe({ topic, group: 'g', handle })
      await expect.poll(() => finished).toEqual(['a', 'b'])
    })

    test('leaving does not wait for a record that keeps failing: it comes again to the next member', async () => {
      const topic = await freshTopic(log, 1)
      let failures = 0
      const member = await log.subscribe({
        topic,
        group: 'g',
        handle: async () => {
          failures += 1
          throw new Error('always')
        },
      })
      await log.publish(topic, [{ key: 's1', value: 'a' }])
      await expect.poll(() => failures).toBeGreaterThan(0)
      await member[Symbol.asyncDispose]()
      const seen: string[] = []
      await using _next = await log.subscribe({ topic, group: 'g', handle: async ({ value }) => void seen.push(value) })
      await expect.poll(() => seen).toEqual(['a'])
    })
  })
}
