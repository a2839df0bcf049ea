import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { expect, onTestFinished, test } from 'vitest'
import { learningEvents } from '../../../schemas/topics.ts'
import { freshTopic } from '../../contract/event-log.ts'
import { onEngines } from '../../engines/test-local.ts'
import type { EventLog, LogRecord, SubscribeOptions } from '../../ports/event-log.ts'
import { kafkaLog } from '../direct/event-log.ts'
import { openApp } from './app.ts'
import { CatchUp, type CatchUpOptions, handledGroup } from './catch-up.ts'
import { daprLog } from './event-log.ts'

/**
 * The test plays the part of a sidecar that skips records: it makes the deliveries and the commits that Dapr would
 * make.
 */
onEngines(({ kafka }) => {
  const logger = { warn: () => {} }
  const direct = () => kafkaLog({ brokers: kafka, seconds: 10, logger, onBroken: () => {} })

  /** An agent with what it has handled; all messages of the topic are on one partition. */
  const stage = async (messages: number) => {
    const stack = new AsyncDisposableStack()
    onTestFinished(async () => stack.disposeAsync())
    const log = stack.use(direct())
    const [topic, group] = [await freshTopic(log), randomUUID()]
    await log.publish(
      topic,
      Array.from({ length: messages }, (_, at) => ({ key: 'ann', value: String(at) })),
    )
    const partition = (await log.lag(topic, group)).find(({ end }) => end !== '0')?.partition ?? -1
    const handled: string[] = []
    const start = async (everyMs?: number, handleAll?: SubscribeOptions['handleAll']) => {
      const own = new AsyncDisposableStack()
      const app = own.use(await openApp(0))
      const dapr = own.use(
        daprLog({
          httpPort: 1,
          app,
          brokers: kafka,
          seconds: 10,
          logger,
          ...(everyMs === undefined ? {} : { catchUpMs: everyMs }),
        }),
      )
      const handle = async ({ value }: LogRecord) => void handled.push(value)
      own.use(await dapr.subscribe({ topic, group, handle, ...(handleAll === undefined ? {} : { handleAll }) }))
      stack.use(own)
      const deliver = async (offset: number): Promise<number> => {
        const headers = {
          'content-type': 'application/json',
          __key: 'ann',
          __partition: String(partition),
          __offset: String(offset),
        }
        const body = JSON.stringify({ data_base64: Buffer.from(String(offset)).toString('base64') })
        return (await fetch(`http://127.0.0.1:${app.port}/events/${topic}`, { method: 'POST', headers, body })).status
      }
      return { deliver, stop: async () => own.disposeAsync() }
    }
    return { log, topic, group, partition, handled, start }
  }

  test('skipped records are handled first, in order, and none twice', async () => {
    const { handled, start } = await stage(6)
    const { deliver } = await start()
    expect([await deliver(0), await deliver(3), await deliver(4)]).toEqual([200, 200, 200])
    expect(handled).toEqual(['0', '1', '2', '3', '4'])
  })

  test('a restarted agent knows what was handled before: it misses nothing and handles nothing again', async () => {
    const { log, topic, group, partition, handled, start } = await stage(6)
    const first = await start()
    await first.deliver(0)
    await first.stop()
    expect(
      (await log.lag(topic, handledGroup(group))).find(position => position.partition === partition),
    ).toMatchObject({
      committed: '1',
      started: true,
    })
    const second = await start()
    await second.deliver(2)
    expect(handled).toEqual(['0', '1', '2'])
  })

  test('a skipped and committed record at the end of a partition is handled without another delivery', async () => {
    const { log, topic, group, handled, start } = await stage(2)
    const { deliver } = await start(500)
    await deliver(0)
    // Commits in both groups through a member that handles nothing, as Dapr does.
    {
      await using passing = await log.subscribe({ topic, group, handle: async () => {} })
      await expect.poll(async () => (await log.lag(topic, group)).every(({ lag }) => lag === 0)).toBe(true)
      void passing
    }
    await expect.poll(() => handled).toEqual(['0', '1'])
  })

  test('a partition that returns nothing for a moment is read again, so that no record is skipped', async () => {
    const { log, topic, group, partition } = await stage(3)
    const handled: string[] = []
    let silent = 1
    const source = {
      lag: log.lag.bind(log),
      // A broker that has just become leader returns nothing until it knows how far its followers are.
      read: async (...asked: Parameters<EventLog['read']>) => (silent-- > 0 ? [] : log.read(...asked)),
      commit: async () => {},
    }
    const handle: CatchUpOptions['handle'] = async (records, done) => {
      handled.push(...records.map(({ value }) => value))
      done(records)
    }
    await using catchUp = await CatchUp.start({ topic, group, log: source, handle, together: false, report: () => {} })
    const last = { topic, partition, offset: '2', key: 'ann', value: '2' }
    await expect(catchUp.take(last)).rejects.toThrow(`${topic}/${partition} gave nothing at offset 0`)
    await catchUp.take(last)
    expect(handled).toEqual(['0', '1', '2'])
  })

  /** Makes the topic again with these messages, which Dapr commits in its group and does not deliver. */
  const makeAgain = async (topic: string, group: string, partition: number, values: readonly string[]) => {
    await using admin = await adminOf(kafka)
    await admin.deleteTopics({ topics: [topic] })
    await expect.poll(async () => (await admin.listTopics()).includes(topic)).toBe(false)
    // A new client has no cached data on the earlier topic.
    await using fresh = direct()
    await fresh.createTopic({ ...learningEvents, name: topic })
    await fresh.publish(
      topic,
      values.map(value => ({ key: 'ann', value })),
    )
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition, offset: String(values.length) }] })
  }

  test.for([
    ['shorter', ['new 0', 'new 1']],
    ['longer', ['new 0', 'new 1', 'new 2', 'new 3', 'new 4', 'new 5', 'new 6', 'new 7']],
  ] as const)(
    'what is skipped in a topic made again under its agent is handled, also when it is %s',
    async ([, values]) => {
      const { log, topic, group, partition, handled, start } = await stage(6)
      const { deliver } = await start(300)
      for (const offset of [0, 1, 2, 3, 4, 5]) await deliver(offset)
      const place = async () => (await log.lag(topic, handledGroup(group))).find(one => one.partition === partition)
      await expect.poll(async () => (await place())?.committed).toBe('6')
      handled.length = 0
      await makeAgain(topic, group, partition, values)
      await expect.poll(() => handled, { timeout: 30_000 }).toEqual(values)
      await expect.poll(place).toMatchObject({ committed: String(values.length), lag: 0 })
    },
  )

  test('of a partition that lags more is handled at once than is delivered, and nothing twice', async () => {
    const { handled, start } = await stage(300)
    const { deliver } = await start(undefined, async records => void handled.push(...records.map(({ value }) => value)))
    let delivered = 0
    while (handled.length < 300) await deliver(delivered++)
    expect(delivered).toBeLessThan(300)
    expect(handled).toEqual(Array.from({ length: 300 }, (_, at) => String(at)))
    for (const offset of [delivered, 299]) expect(await deliver(offset)).toBe(200)
    expect(handled).toHaveLength(300)
  })

  test('records removed by retention are not waited for', async () => {
    const { topic, partition, handled, start } = await stage(4)
    const { deliver } = await start()
    await using admin = await adminOf(kafka)
    // The admin client deletes records only in topics whose offsets it has fetched.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: '2' }] })
    expect(await deliver(3)).toBe(200)
    expect(handled).toEqual(['2', '3'])
  })
})

async function adminOf(brokers: readonly string[]) {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  return Object.assign(admin, { [Symbol.asyncDispose]: async () => admin.disconnect() })
}
