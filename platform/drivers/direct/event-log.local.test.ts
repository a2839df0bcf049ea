import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { deadLetterQueue, learningEvents } from '../../../schemas/topics.ts'
import { consumerGroupContract } from '../../contract/consumer-group.ts'
import { deadLettersContract } from '../../contract/dead-letters.ts'
import { eventLogContract, freshTopic } from '../../contract/event-log.ts'
import { ownKafka } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import { openMigrated } from '../embedded/test-engine.ts'
import { kafkaLog } from './event-log.ts'

const connect = (brokers: readonly string[], seconds: number) =>
  kafkaLog({
    brokers,
    seconds,
    logger: { warn: () => {} },
    onBroken: error => {
      throw error
    },
  })

onEngines(({ kafka }) => {
  const open = async () => {
    const log = connect(kafka, 10)
    await log.createTopic(deadLetterQueue)
    return { log, kill: async () => {}, [Symbol.asyncDispose]: async () => log[Symbol.asyncDispose]() }
  }
  const openOwn = async () => {
    const server = await ownKafka()
    await using patient = connect(server.addresses, 60)
    await patient.createTopic(deadLetterQueue)
    const log = connect(server.addresses, 2)
    const dispose = async (): Promise<void> => {
      await log[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { log, kill: server.kill, [Symbol.asyncDispose]: dispose }
  }
  eventLogContract('Kafka', open, openOwn)
  consumerGroupContract('Kafka', open)
  deadLettersContract('Kafka', async () => {
    const stack = new AsyncDisposableStack()
    const [{ log }, history] = [stack.use(await open()), stack.use(await openMigrated())]
    return { log, history, [Symbol.asyncDispose]: async () => stack.disposeAsync() }
  })

  test('wrong settings of a topic are found and corrected, its other settings stay', async () => {
    await using opened = await open()
    const name = await freshTopic(opened.log, 2)
    const admin = new Kafka({ brokers: [...kafka], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await using _end = { [Symbol.asyncDispose]: async () => admin.disconnect() }
    const wanted = { ...learningEvents, name, partitions: 2 }
    const wrong = { 'retention.ms': '1000', 'max.message.bytes': '2000', 'segment.bytes': '2000000' }
    const resource = { type: ConfigResourceTypes.TOPIC, name }
    const configEntries = Object.entries(wrong).map(([entry, value]) => ({
      name: entry,
      value,
    }))
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
    const state = async () => (await opened.log.topics()).find(topic => topic.name === name)
    await expect
      .poll(state)
      .toEqual({ ...wanted, in_sync: 3, retention_ms: 1_000, segment_ms: 604_800_000, max_message_bytes: 2_000 })
    expect(await opened.log.createTopic(wanted)).toBe('updated')
    await expect.poll(state).toEqual({ ...wanted, in_sync: 3 })
    expect(await opened.log.createTopic(wanted)).toBe('unchanged')
    const { resources } = await admin.describeConfigs({
      resources: [{ ...resource, configNames: ['segment.bytes'] }],
      includeSynonyms: false,
    })
    expect(resources[0]?.configEntries).toMatchObject([{ configValue: '2000000' }])
  })
})
