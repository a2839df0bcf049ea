import type { Logger } from 'pino'
import { deadLetterQueue } from '../../schemas/topics.ts'
import type { EventLog } from '../ports/event-log.ts'
import type { Deps } from './deliver.ts'

/** Of so many records it is known that their refusal was logged. */
const remembered = 1_000

/** What every driver gives to `deliver`: dead letters go to their topic, failures to `logger`. */
export function deliveryDeps(publish: EventLog['publish'], logger: Pick<Logger, 'warn'>): Deps {
  const told = new Set<string>()
  return {
    publishDeadLetter: async letter =>
      publish(deadLetterQueue.name, [{ key: letter.key, value: JSON.stringify(letter) }]),
    report: (error, what, keys = {}) => logger.warn({ err: error, ...keys }, what),
    refused({ topic, partition, offset, code, message }, keys) {
      // Each group that reads a bad record refuses it; each has its letter, and one line tells of the record.
      const place = `${topic}/${partition}/${offset}`
      if (told.has(place)) return
      told.add(place)
      for (const oldest of told) if (told.size > remembered) told.delete(oldest)
      logger.warn({ code, ...keys }, `a dead letter of ${place}: ${message}`)
    },
  }
}
