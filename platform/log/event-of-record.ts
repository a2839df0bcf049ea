import * as z from 'zod'
import { LearningEvent } from '../../schemas/learning-event.ts'
import { PlatformError } from '../errors.ts'
import type { LogRecord } from '../ports/event-log.ts'

/** The event of a record of the log. @throws INVALID_INPUT, which sends the record to the dead letters. */
export function eventOf({ value, topic, partition, offset }: LogRecord): LearningEvent {
  try {
    return LearningEvent.parse(JSON.parse(value))
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? cause.issues.map(inOneLine).join('; ') : String(cause)
    throw new PlatformError(
      'INVALID_INPUT',
      `the record at ${topic}/${partition}/${offset} is not an event of ours: ${reason}`.slice(0, 500),
      { hint: 'learnflow event-schemas validate FILE tells what is wrong with it.', cause },
    )
  }
}

const inOneLine = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`
