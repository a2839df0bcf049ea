import kafkajs from 'kafkajs'
import { PlatformError } from '../../errors.ts'

// Node cannot detect these as named exports of a CommonJS module.
const { KafkaJSError, KafkaJSProtocolError } = kafkajs

/** The protocol's name of an error (`UNKNOWN_TOPIC_OR_PARTITION`), from anywhere in the chain of causes. */
export function kafkaType(error: unknown): string | undefined {
  if (error instanceof KafkaJSProtocolError) return error.type
  return error instanceof Error && error.cause !== undefined ? kafkaType(error.cause) : undefined
}

/** The member does not belong to the current generation of its group and has to join again. */
export const isRejoin = (error: unknown): boolean =>
  ['REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'NOT_COORDINATOR_FOR_GROUP'].includes(
    kafkaType(error) ?? '',
  )

export const unknownTopic = (topic: string): PlatformError =>
  new PlatformError('NOT_FOUND', `there is no topic ${topic}`, {
    hint: 'learnflow kafka-topics create makes what is missing.',
  })

/** Translates Kafka's failures: too large and unknown topic are final, any other means that Kafka does not answer. */
export function translated(error: unknown, topic: string): unknown {
  if (error instanceof PlatformError || !(error instanceof KafkaJSError)) return error
  const type = kafkaType(error)
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return unknownTopic(topic)
  // An answer, for whoever reads.
  if (type === 'OFFSET_OUT_OF_RANGE') return error
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE')
    return new PlatformError('TOO_LARGE', `Kafka takes no message that large on ${topic}`, {
      hint: 'Send less than 1 MB.',
      cause: error,
    })
  return new PlatformError('DEPENDENCY_DOWN', `Kafka does not answer: ${error.message}`, {
    hint: 'learnflow status; the kafka-deploy skill starts it.',
    cause: error,
  })
}

/** The time in which a topic that one broker has created may be unknown to another. */
const spreadMs = 1_000

/**
 * Repeats a request until it is answered or `seconds` are over; NOT_FOUND becomes the answer when it lasts for
 * `absentMs`.
 * @throws DEPENDENCY_DOWN after the deadline; final failures at once.
 */
export async function answered<T>(
  topic: string,
  seconds: number,
  ask: () => Promise<T>,
  absentMs = spreadMs,
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const start = performance.now()
  const timer = setTimeout(
    () =>
      late.reject(
        new PlatformError('DEPENDENCY_DOWN', `Kafka did not answer within ${seconds} s`, { hint: 'learnflow status' }),
      ),
    seconds * 1_000,
  )
  const insist = async (): Promise<T> => {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        const known = translated(error, topic)
        const code = known instanceof PlatformError ? known.code : undefined
        const patienceMs = code === 'DEPENDENCY_DOWN' ? seconds * 1_000 : code === 'NOT_FOUND' ? absentMs : 0
        if (performance.now() - start > patienceMs) throw known
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    }
  }
  try {
    return await Promise.race([insist(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
