import { Kafka, logLevel, Partitioners } from 'kafkajs'
import type { Logger } from 'pino'
import { partitionOf } from '../../../schemas/partitioner.ts'
import { deliveryDeps } from '../../log/delivery-deps.ts'
import type { PlatformError } from '../../errors.ts'
import type { EventLog, Message } from '../../ports/event-log.ts'
import type { KafkaSecurity } from './access.ts'
import { joinGroup } from './kafka-member.ts'
import { kafkaPublisher } from './kafka-publisher.ts'
import { within } from '../../steps.ts'
import { kafkaAdmin } from './kafka-admin.ts'

export interface KafkaOptions {
  /** `host:port` of some brokers; the others are discovered through them. */
  brokers: readonly string[]
  security?: KafkaSecurity
  /** The deadline of a request, and how long a message is sent again before its sender gets an error. */
  seconds: number
  logger: Pick<Logger, 'warn'>
  /** Called when kafkajs has permanently given up a group member, so that the process should be replaced. */
  onBroken(error: PlatformError): void
}

const clientId = 'learnflow'

/** The log on Kafka through kafkajs. It connects on first use. */
export function kafkaLog({ brokers, security = {}, seconds, logger, onBroken }: KafkaOptions): EventLog {
  const kafka = new Kafka({
    clientId,
    brokers: [...brokers],
    ...security,
    connectionTimeout: 1_000,
    requestTimeout: seconds * 1_000,
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 500 },
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ namespace, log: { message, error } }) =>
        logger.warn({ err: error as unknown }, `kafkajs ${namespace}: ${message}`),
  })
  const {
    partitions,
    commit: _commit,
    close,
    ...questions
  } = kafkaAdmin(kafka, {
    clientId,
    brokers,
    security,
    seconds,
  })
  const publisher = kafkaPublisher(
    kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      // The idempotent producer of kafkajs reports a message as stored that is not, after an earlier one had failed.
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { retries: Math.ceil(2 * seconds), initialRetryTime: 100, maxRetryTime: 500 },
    }),
    seconds,
  )
  const publish = async (topic: string, messages: readonly Message[]): Promise<void> => {
    if (messages.length === 0) return
    const among = await partitions(topic)
    const placed = messages.map(({ key, value }) => ({ key, value, partition: partitionOf(key, among) }))
    await within('log:publish', { topic, messages: placed.length }, async () => publisher.send(topic, placed))
  }
  const deps = deliveryDeps(publish, logger)
  const members = new Set<AsyncDisposable>()
  return {
    ...questions,
    publish,
    async subscribe(options) {
      const among = await partitions(options.topic)
      // The first group of a Kafka cluster has no coordinator until the offsets topic exists: this request waits for
      // it, while the consumer of kafkajs would give up.
      await questions.lag(options.topic, options.group)
      const member = await joinGroup(kafka, { ...options, partitions: among, deps, onBroken })
      members.add(member)
      return member
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...members].map(async member => member[Symbol.asyncDispose]()))
      await Promise.all([publisher.close(), close()])
    },
  }
}
