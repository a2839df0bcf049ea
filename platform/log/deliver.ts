import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetter } from '../../schemas/dead-letter.ts'
import { codes, PlatformError } from '../errors.ts'
import { logKeysOfRecord, passStep } from '../steps.ts'
import type { LogRecord, SubscribeOptions } from '../ports/event-log.ts'

const maxUnexpectedTries = 5
const firstPauseMs = 50
const maxPauseMs = 5_000

/** The driver's part of `deliver`: write a dead letter durably, and report a failure. */
export interface Deps {
  publishDeadLetter(letter: DeadLetter): Promise<void>
  /** A failure that is retried, or that nobody expected. */
  report(error: unknown, what: string, keys?: Record<string, unknown>): void
  /** A record that a group has refused for good, for an expected reason. */
  refused(letter: DeadLetter, keys: Record<string, unknown>): void
}

/**
 * Delivers one record to one handler by the rules of the `EventLog` port, the same for every driver. Resolves when the
 * record may be acknowledged: handled, or written to the dead letters. Rejects only when `signal` aborts.
 */
export async function deliver(
  record: LogRecord,
  { group, handle }: SubscribeOptions,
  { publishDeadLetter, report, refused }: Deps,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted()
    try {
      passStep('record:given', record, group)
      await handle(record)
      passStep('record:handled', record, group)
      return
    } catch (error) {
      const keys = logKeysOfRecord(record, group)
      const refuses = isRefusal(error)
      if (!refuses) report(error, `${group} failed on ${placeOf(record)}, attempt ${tries}`, keys)
      if (refuses || (!(error instanceof PlatformError) && tries >= maxUnexpectedTries)) {
        const letter = deadLetter(record, group, error, tries)
        if (refuses) refused(letter, keys)
        await untilDone(async () => publishDeadLetter(letter), report, signal)
        return
      }
      await sleep(pauseMs(tries), undefined, { signal })
    }
  }
}

/**
 * Delivers records of one partition in order, together where the handler takes several; `handled` is told those that
 * may be acknowledged now. Rejects when `signal` aborts, or with what `handled` throws.
 */
export async function deliverAll(
  records: readonly LogRecord[],
  options: SubscribeOptions,
  deps: Deps,
  signal: AbortSignal,
  handled: (records: readonly LogRecord[]) => Promise<void> | void,
): Promise<void> {
  if (await deliverTogether(records, options, deps, signal)) return handled(records)
  for (const record of records) {
    await deliver(record, options, deps, signal)
    await handled([record])
  }
}

/** Whether the handler took these records at once. */
async function deliverTogether(
  records: readonly LogRecord[],
  { group, topic, handleAll }: SubscribeOptions,
  { report }: Deps,
  signal: AbortSignal,
): Promise<boolean> {
  if (handleAll === undefined || records.length < 2) return false
  signal.throwIfAborted()
  for (const record of records) passStep('record:given', record, group)
  try {
    await handleAll(records)
  } catch (error) {
    // What refuses a record is reported when that record comes by itself.
    if (!isRefusal(error))
      report(error, `${group} cannot take ${records.length} records of ${topic} at once: each comes by itself`)
    return false
  }
  for (const record of records) passStep('record:handled', record, group)
  return true
}

/** Whether trying again cannot help. */
const isRefusal = (error: unknown): error is PlatformError => error instanceof PlatformError && !codes[error.code].retry

const placeOf = ({ topic, partition, offset }: Pick<LogRecord, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}/${offset}`

/** Doubles from 50 ms to 5 s. */
export function pauseMs(tries: number): number {
  return Math.min(firstPauseMs * 2 ** (tries - 1), maxPauseMs)
}

/**
 * Repeats with growing pauses: a dead letter that cannot be written holds its partition, because skipping it would lose
 * it.
 */
async function untilDone(work: () => Promise<void>, report: Deps['report'], signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work()
      return
    } catch (error) {
      report(error, `a dead letter could not be written, attempt ${tries}: its partition waits`)
      await sleep(pauseMs(tries), undefined, { signal })
    }
  }
}

/** The dead letter of a record: the unchanged record and the reason why it could not be handled. */
export function deadLetter(record: LogRecord, group: string, error: unknown, tries: number): DeadLetter {
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
      : 'This is a fault of ours: see the log of the platform for the stack, fix it, then replay the dead letters.',
    attempts: tries,
  }
}
