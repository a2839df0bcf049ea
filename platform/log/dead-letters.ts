import { DeadLetter } from '../../schemas/dead-letter.ts'
import { deadLetterQueue } from '../../schemas/topics.ts'
import { deadLetter } from './deliver.ts'
import { PlatformError } from '../errors.ts'
import type { EventLog, LogRecord, PartitionLag } from '../ports/event-log.ts'
import { readRange } from './read-range.ts'

/** The consumer group whose offset on the dead-letter queue marks what was replayed. */
const replayGroup = 'replay'

/** The parts of a driver that the handling of dead letters needs. */
export interface DeadLetterLog extends Pick<EventLog, 'publish' | 'lag' | 'read'> {
  /** Sets the offsets of a group without members: the next offset by partition. */
  commit(group: string, topic: string, offsets: ReadonlyMap<number, string>): Promise<void>
}

/** Lists and replays dead letters, the same for every driver. */
export function deadLetters({
  publish,
  lag,
  read,
  commit,
}: DeadLetterLog): Pick<EventLog, 'deadLetters' | 'replay'> & { publishDeadLetter(letter: DeadLetter): Promise<void> } {
  const publishDeadLetter = async (letter: DeadLetter): Promise<void> =>
    publish(deadLetterQueue.name, [{ key: letter.key, value: JSON.stringify(letter) }])
  /** The dead letters of one partition that existed at the time of the request, in order. */
  const waiting = ({ partition, committed, end }: PartitionLag): AsyncGenerator<LogRecord> =>
    readRange(
      { lag, read },
      { topic: deadLetterQueue.name, partition, group: replayGroup, from: BigInt(committed), to: BigInt(end) },
    )
  const putBack = async (letter: DeadLetter, wanted: boolean): Promise<boolean> => {
    // A dead letter about the queue itself would only return to it, so it is republished.
    if (!wanted || letter.topic === deadLetterQueue.name) return (await publishDeadLetter(letter), false)
    await publish(letter.topic, [{ key: letter.key, value: letter.value }])
    return true
  }
  return {
    publishDeadLetter,
    async deadLetters(limit) {
      const letters: DeadLetter[] = []
      for (const position of await lag(deadLetterQueue.name, replayGroup)) {
        let room = limit
        for await (const record of waiting(position)) {
          if (room <= 0) break
          letters.push(parseDeadLetter(record))
          room -= 1
        }
      }
      return letters.toSorted((one, other) => one.time.localeCompare(other.time)).slice(0, limit)
    },
    async replay(code) {
      const done: Record<string, number> = {}
      // At least once: matching dead letters go back to their topic, the others to the end of the queue, and only then
      // the offset is committed.
      for (const position of await lag(deadLetterQueue.name, replayGroup))
        for await (const record of waiting(position)) {
          const letter = parseDeadLetter(record)
          if (await putBack(letter, code === undefined || letter.code === code))
            done[letter.code] = (done[letter.code] ?? 0) + 1
          await commit(replayGroup, record.topic, new Map([[record.partition, String(BigInt(record.offset) + 1n)]]))
        }
      return done
    },
  }
}

/** A record that is no dead letter of ours is shown as one about itself, so that it hides no other and is not lost. */
function parseDeadLetter(record: LogRecord): DeadLetter {
  try {
    return DeadLetter.parse(JSON.parse(record.value))
  } catch (cause) {
    return deadLetter(
      record,
      replayGroup,
      new PlatformError('INVALID_INPUT', 'this record of the dead-letter queue is no dead letter', {
        hint: 'Find out which program wrote it there.',
        cause,
      }),
      1,
    )
  }
}
