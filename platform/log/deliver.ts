import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetter } from '../../schemas/dead-letter.ts'
import { codes, PlatformError } from '../errors.ts'
import type { LogRecord, SubscribeOptions } from '../ports/event-log.ts'

const unexpectedTries = 5
const firstPauseMs = 50
const longestPauseMs = 5_000

/** What a driver does for `deliver`: writes a dead letter durably, and tells an operator's log of a failure that is tried again. */
export interface Means {
  bury(letter: DeadLetter): Promise<void>
  report(error: unknown, what: string): void
}

/**
 * One record through one handler, by the rules of the `EventLog` port, the same for every driver.
 * Resolves when the record may be acknowledged: handled, or written to the dead letters. Rejects only when `signal` aborts.
 */
export async function deliver(
  record: LogRecord,
  { group, handle }: SubscribeOptions,
  { bury, report }: Means,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      await handle(record)
      return
    } catch (error) {
      report(error, `${group} failed on ${record.topic}/${record.partition}/${record.offset}, attempt ${attempt}`)
      const final = error instanceof PlatformError ? !codes[error.code].retry : attempt >= unexpectedTries
      if (final) {
        await untilDone(async () => bury(deadLetter(record, group, error, attempt)), report, signal)
        return
      }
      await sleep(pauseMs(attempt), undefined, { signal })
    }
  }
}

/** Doubles from 50 ms to 5 s. */
export function pauseMs(attempt: number): number {
  return Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs)
}

/** Repeats with growing pauses: a dead letter that cannot be written holds its partition, since skipping it would lose it. */
async function untilDone(work: () => Promise<void>, report: Means['report'], signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work()
      return
    } catch (error) {
      report(error, `a dead letter could not be written, attempt ${attempt}: its partition waits`)
      await sleep(pauseMs(attempt), undefined, { signal })
    }
  }
}

/** The dead letter of a record: what could not be handled, verbatim, and why. */
export function deadLetter(record: LogRecord, group: string, error: unknown, attempts: number): DeadLetter {
  const known = error instanceof PlatformError
  return {
    id: randomUUID(),
    time: new Date().toISOString(),
    ...record,
    group,
    code: known ? error.code : 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    hint: known
      ? error.hint
      : 'This is a fault of ours: see the log of the platform for the stack, mend it, then replay the dead letters.',
    attempts,
  }
}
