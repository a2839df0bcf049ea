import { Partitioners } from 'kafkajs'
import { expect, test } from 'vitest'
import { deadLetterQueue } from '../../../schemas/topics.ts'
import { deadLettersContract } from '../../contract/dead-letters.ts'
import { contents, eventLogContract, freshTopic } from '../../contract/event-log.ts'
import { ownKafka, ownSidecar } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import type { EventLog } from '../../ports/event-log.ts'
import { kafkaLog } from '../direct/event-log.ts'
import { openMigrated } from '../embedded/test-engine.ts'
import { openApp } from './app.ts'
import { daprLog } from './event-log.ts'

const subscription = (topic: string): string => `apiVersion: dapr.io/v2alpha1
kind: Subscription
metadata:
  name: test
spec:
  pubsubname: events
  topic: ${topic}
  routes:
    default: /events/${topic}
  metadata:
    rawPayload: 'true'
`

onEngines(({ kafka, redis }) => {
  const logger = { warn: () => {} }
  /** A log in which each `subscribe` gets its own sidecar, as each worker has: its app id is the group. */
  const beside = async (brokers: readonly string[], seconds: number) => {
    await using stack = new AsyncDisposableStack()
    const publishing = stack.use(await openApp(0))
    publishing.ready()
    const sidecar = stack.use(await ownSidecar({ appId: 'publisher', appPort: publishing.port, kafka: brokers, redis }))
    const base = stack.use(daprLog({ httpPort: sidecar.httpPort, app: publishing, brokers, seconds, logger }))
    const subscribe: EventLog['subscribe'] = async options => {
      await using own = new AsyncDisposableStack()
      const app = own.use(await openApp(0))
      const log = own.use(daprLog({ httpPort: sidecar.httpPort, app, brokers, seconds, logger }))
      const receiving = await log.subscribe(options)
      own.use(
        await ownSidecar({
          appId: options.group,
          appPort: app.port,
          kafka: brokers,
          redis,
          resources: subscription(options.topic),
        }),
      )
      own.use(receiving)
      const owned = own.move()
      const member = { assigned: receiving.assigned, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
      everything.use(member)
      return member
    }
    await base.createTopic(deadLetterQueue)
    const everything = stack.move()
    return { log: { ...base, subscribe }, sidecar, [Symbol.asyncDispose]: async () => everything.disposeAsync() }
  }
  const open = async () => ({ kill: async () => {}, ...(await beside(kafka, 10)) })
  const openOwn = async () => {
    const server = await ownKafka()
    await using patient = kafkaLog({ brokers: server.addresses, seconds: 60, logger, onBroken: () => {} })
    await patient.createTopic(deadLetterQueue)
    const opened = await beside(server.addresses, 2)
    const dispose = async (): Promise<void> => {
      await opened[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { log: opened.log, kill: server.kill, [Symbol.asyncDispose]: dispose }
  }
  eventLogContract('Dapr on Kafka', open, openOwn)
  deadLettersContract('Dapr on Kafka', async () => {
    const stack = new AsyncDisposableStack()
    const [{ log }, history] = [stack.use(await open()), stack.use(await openMigrated())]
    return { log, history, [Symbol.asyncDispose]: async () => stack.disposeAsync() }
  })

  test('10,000 keys are on the same partition whether Dapr, kafkajs or our own partitioner placed them', async () => {
    await using opened = await open()
    await using direct = kafkaLog({ brokers: kafka, seconds: 10, logger, onBroken: () => {} })
    const messages = Array.from({ length: 10_000 }, (_, nr) => ({ key: `student-${nr}`, value: String(nr) }))
    const placed = async (log: EventLog): Promise<Map<string, number>> => {
      const topic = await freshTopic(log)
      await log.publish(topic, messages)
      return new Map((await contents(log, topic)).flat().map(({ key, partition }) => [key, partition]))
    }
    const own = Partitioners.DefaultPartitioner()
    const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [],
      isr: [],
    }))
    const [byDapr, byKafkajs] = [await placed(opened.log), await placed(direct)]
    expect(byDapr.size).toBe(10_000)
    const agreeing = messages.filter(message => {
      const expected = own({ topic: 'any', partitionMetadata, message })
      return byDapr.get(message.key) === expected && byKafkajs.get(message.key) === expected
    })
    expect(agreeing).toHaveLength(10_000)
  })
})
