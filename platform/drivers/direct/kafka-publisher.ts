import type { Message as KafkaMessage, Producer } from 'kafkajs'
import { PlatformError } from '../../errors.ts'
import { translated } from './kafka-errors.ts'

type Placed = KafkaMessage & { key: string; value: string; partition: number }

/**
 * The maximum size of one request, far below Kafka's limit of 1 MB for a batch of one partition, because a reader of
 * one message decodes its whole batch.
 */
const requestBytes = 500_000
const requestMessages = 1_000

/**
 * Sends one request at a time and repeats it until Kafka has acknowledged it, so that a later message of a key cannot
 * overtake an earlier one. A refused message may be stored nevertheless: its sender sends it again, and consumers drop
 * the duplicate.
 * @throws DEPENDENCY_DOWN when that took longer than `seconds`; TOO_LARGE
 */
export function kafkaPublisher(producer: Producer, seconds: number) {
  let earlier: Promise<void> = Promise.resolve()
  let connected = false
  const sendNow = async (topic: string, messages: readonly Placed[], end: number): Promise<void> => {
    // Waiting for the turn counts towards the deadline.
    if (performance.now() > end)
      throw new PlatformError('DEPENDENCY_DOWN', `Kafka did not answer within ${seconds} s`, {
        hint: 'learnflow status',
      })
    try {
      if (!connected) await producer.connect()
      connected = true
      for (const batch of batches(messages))
        await producer.send({ topic, messages: batch, acks: -1, timeout: seconds * 1_000 })
    } catch (error) {
      throw translated(error, topic)
    }
  }
  return {
    async send(topic: string, messages: readonly Placed[]): Promise<void> {
      const end = performance.now() + seconds * 1_000
      const sent = earlier.then(async () => sendNow(topic, messages, end))
      earlier = sent.catch(() => {})
      await sent
    },
    async close(): Promise<void> {
      await earlier
      await producer.disconnect()
    },
  }
}

function* batches(messages: readonly Placed[]): Generator<Placed[]> {
  let batch: Placed[] = []
  let bytes = 0
  for (const message of messages) {
    const size = Buffer.byteLength(message.key) + Buffer.byteLength(message.value) + 20
    if (batch.length === requestMessages || (batch.length > 0 && bytes + size > requestBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
