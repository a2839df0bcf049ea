import { deadLetterQueue } from '../../../schemas/topics.ts'
import { consumerGroupContract } from '../../contract/consumer-group.ts'
import { eventLogContract } from '../../contract/event-log.ts'
import { ownKafka } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
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
    const log = connect(server.addresses, 2)
    await log.createTopic(deadLetterQueue)
    const dispose = async (): Promise<void> => {
      await log[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { log, kill: server.kill, [Symbol.asyncDispose]: dispose }
  }
  eventLogContract('Kafka', open, openOwn)
  consumerGroupContract('Kafka', open)
})
