import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { expect, test } from 'vitest'
import { contents, freshTopic } from '../../contract/event-log.ts'
import { ownKafka } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import type { EventLog } from '../../ports/event-log.ts'
import { kafkaLog } from './event-log.ts'

type OwnKafka = Awaited<ReturnType<typeof ownKafka>>

const connect = (brokers: readonly string[], seconds: number): EventLog =>
  kafkaLog({ brokers, seconds, logger: { warn: () => {} }, onBroken: () => {} })
const quiet = (brokers: string[]): Kafka =>
  new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { retries: 1, initialRetryTime: 100 },
    requestTimeout: 5_000,
  })
const values = async (log: EventLog, topic: string): Promise<string[]> =>
  (await contents(log, topic)).flat().map(({ value }) => value)

/** The names of the nodes that hold the topic's only partition, its leader first. */
async function nodesOf(brokers: string[], topic: string): Promise<string[]> {
  const admin = quiet(brokers).admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  const leader = topics[0]?.partitions[0]?.leader ?? 0
  return [leader, ...[1, 2, 3].filter(node => node !== leader)].map(node => `kafka-${node}`)
}

const killed = async ({ engine }: OwnKafka, names: string[]): Promise<void> =>
  void (await Promise.all(names.map(async name => engine.processes.get(name)?.stop(0))))
const restarted = async ({ engine }: OwnKafka, names: string[]): Promise<void> =>
  void (await Promise.all(names.map(engine.restart)))

onEngines(() => {
  test('the leader of three brokers is killed: writes go on, and all acknowledged ones are stored in order', async () => {
    await using server = await ownKafka()
    await using log = connect(server.addresses, 20)
    const topic = await freshTopic(log, 1)
    const [leader = ''] = await nodesOf(server.addresses, topic)
    for (let nr = 0; nr < 100; nr += 1) {
      if (nr === 50) await killed(server, [leader])
      await log.publish(topic, [{ key: 's1', value: String(nr) }])
    }
    // A message that was sent again may be stored twice; what counts is the first of each.
    expect([...new Set(await values(log, topic))]).toEqual(Array.from({ length: 100 }, (_, nr) => String(nr)))
  })

  test('two of three brokers are killed: writes are refused, none is lost; kafkajs’s idempotent producer loses one', async () => {
    await using server = await ownKafka()
    await using log = connect(server.addresses, 4)
    const topic = await freshTopic(log, 1)
    const theirs = await freshTopic(log, 1)
    const idempotent = quiet(server.addresses).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 1, initialRetryTime: 100 },
    })
    await idempotent.connect()
    const send = {
      ours: async (value: string) => log.publish(topic, [{ key: 's1', value }]),
      theirs: async (value: string) =>
        void (await idempotent.send({
          topic: theirs,
          messages: [{ key: 's1', value, partition: 0 }],
          acks: -1,
          timeout: 3_000,
        })),
    }
    const acked = { ours: new Set<string>(), theirs: new Set<string>() }
    const attempt = async (who: 'ours' | 'theirs', value: string): Promise<void> =>
      send[who](value).then(
        () => void acked[who].add(value),
        () => {},
      )
    for (const value of ['a', 'b']) await Promise.all([attempt('ours', value), attempt('theirs', value)])
    const followers = (await nodesOf(server.addresses, theirs)).slice(1)
    await killed(server, followers)
    await Promise.all([attempt('ours', 'c'), attempt('theirs', 'c')])
    expect(acked.ours.has('c')).toBe(false)
    await restarted(server, followers)
    await expect.poll(async () => (await attempt('ours', 'back'), acked.ours.has('back'))).toBe(true)
    // After a refusal for lack of replicas this producer would renumber the message and lose another one.
    await expect.poll(async () => (await log.topics()).find(({ name }) => name === theirs)?.in_sync ?? 0).toBe(3)
    for (const value of ['d', 'e']) await Promise.all([attempt('ours', value), attempt('theirs', value)])
    await idempotent.disconnect()
    expect([...acked.ours]).toEqual(['a', 'b', 'back', 'd', 'e'])
    expect(await values(log, topic)).toEqual(expect.arrayContaining([...acked.ours]))
    const lost = [...acked.theirs.difference(new Set(await values(log, theirs)))]
    expect(lost).toEqual(['d'])
  })
})
