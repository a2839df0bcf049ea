import { setTimeout as sleep } from 'node:timers/promises'
import { partitionOf } from '../../../schemas/partitioner.ts'
import { deadLetterQueue } from '../../../schemas/topics.ts'
import { PlatformError } from '../../errors.ts'
import type { Message } from '../../ports/event-log.ts'
import { json, type Sidecar } from './sidecar.ts'

/** The Dapr component that publishes to a topic: `manifests/dapr/components`. */
const componentOf = (topic: string): string => (topic === deadLetterQueue.name ? 'dead-letters' : 'events')
/** The size of one request in bytes; Dapr takes 4 MB. */
const requestBytes = 500_000
const requestMessages = 1_000

/**
 * Publishes through the sidecar, each message to the partition that the platform's partitioner chooses (Dapr's own hash
 * differs). Each topic has one request at a time with at most one message per key, repeated until Kafka has stored it,
 * so that a later message of a key cannot overtake an earlier one.
 * @throws DEPENDENCY_DOWN when Kafka stored nothing for longer than `seconds`; TOO_LARGE
 */
export function daprPublisher(sidecar: Sidecar, seconds: number) {
  // Queues are per topic, so that a topic that accepts nothing does not block another.
  const earlier = new Map<string, Promise<void>>()
  const sendBatch = async (topic: string, entries: readonly Entry[], end: number): Promise<void> => {
    const path = `/v1.0-alpha1/publish/bulk/${componentOf(topic)}/${encodeURIComponent(topic)}?metadata.rawPayload=true`
    for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, 1_000)) {
      // Waiting for the turn counts towards the deadline.
      const leftMs = end - performance.now()
      if (leftMs <= 0)
        throw new PlatformError('DEPENDENCY_DOWN', `the event log did not answer within ${seconds} s`, {
          hint: 'learnflow status',
        })
      const answer = await sidecar.request(path, json(entries), leftMs)
      if (answer.ok) return
      if (answer.status === 413 || /message (?:size )?(?:was |is )?too large|larger than/i.test(answer.text))
        throw new PlatformError('TOO_LARGE', `Kafka takes no message that large on ${topic}`, {
          hint: 'Send less than 1 MB.',
        })
      await sleep(pauseMs)
    }
  }
  return {
    async send(topic: string, messages: readonly Message[], partitions: number): Promise<void> {
      let end = performance.now() + seconds * 1_000
      const before = earlier.get(topic)
      const sendAll = async (): Promise<void> => {
        await before
        for (const batch of batches(messages, partitions)) {
          await sendBatch(topic, batch, end)
          end = performance.now() + seconds * 1_000
        }
      }
      const sent = sendAll()
      earlier.set(
        topic,
        sent.catch(() => {}),
      )
      await sent
    },
  }
}

interface Entry {
  entryId: string
  event: string
  contentType: 'text/plain'
  metadata: { partitionKey: string; partitionNumber: string; rawPayload: 'true' }
}

/**
 * The requests in sending order. None holds two messages of one key: the sidecar's producer has several requests under
 * way and retries by itself, so the later of two in one request could be stored first (sarama, `Net.MaxOpenRequests`,
 * which Dapr does not let us set).
 */
export function* batches(messages: readonly Message[], partitions: number): Generator<Entry[]> {
  const turns = new Map<string, number>()
  const turnOf = ({ key }: Message): number => {
    const turn = turns.get(key) ?? 0
    turns.set(key, turn + 1)
    return turn
  }
  for (const turn of Map.groupBy(messages, turnOf).values()) yield* requests(turn, partitions)
}

function* requests(messages: readonly Message[], partitions: number): Generator<Entry[]> {
  let batch: Entry[] = []
  let bytes = 0
  for (const [at, { key, value }] of messages.entries()) {
    const size = Buffer.byteLength(key) + Buffer.byteLength(value)
    if (batch.length === requestMessages || (batch.length > 0 && bytes + size > requestBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    const metadata = {
      partitionKey: key,
      partitionNumber: String(partitionOf(key, partitions)),
      rawPayload: 'true' as const,
    }
    batch.push({ entryId: String(at), event: value, contentType: 'text/plain', metadata })
    bytes += size
  }
  if (batch.length > 0) yield batch
}
