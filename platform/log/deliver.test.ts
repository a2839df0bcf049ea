import { expect, test } from 'vitest'
import { DeadLetter } from '../../schemas/dead-letter.ts'
import { deadLetter, deliver, pauseMs } from './deliver.ts'
import { PlatformError } from '../errors.ts'
import type { LogRecord } from '../ports/event-log.ts'

const record: LogRecord = {
  topic: 'learning.events',
  partition: 3,
  offset: '9007199254740993',
  key: 's1',
  value: '{"a":1}',
}

/** Delivers `record` to a handler with these failures; writing the dead letter fails `unwritable` times. */
async function outcome(failures: readonly unknown[], { unwritable = 0, signal = new AbortController().signal } = {}) {
  const left = [...failures]
  const letters: DeadLetter[] = []
  const reports: string[] = []
  const refusals: DeadLetter[] = []
  let unwritten = unwritable
  let handled = 0
  const handle = async (): Promise<void> => {
    const failure = left.shift()
    if (failure !== undefined) throw failure
    handled += 1
  }
  const bury = async (letter: DeadLetter): Promise<void> => {
    if (unwritten > 0) {
      unwritten -= 1
      throw new Error('the queue is not there')
    }
    letters.push(letter)
  }
  const delivered = deliver(
    record,
    { topic: record.topic, group: 'g', handle },
    {
      publishDeadLetter: bury,
      report: (_error, what) => void reports.push(what),
      refused: letter => void refusals.push(letter),
    },
    signal,
  )
  return { delivered: delivered.then(() => ({ handled, letters, reports })), reports }
}

const terminal = new PlatformError('INVALID_INPUT', 'no event', { hint: 'find its author' })
const passing = new PlatformError('DEPENDENCY_DOWN', 'not yet', { hint: 'wait' })

test('handled at once: no dead letter, nothing to report', async () => {
  expect(await (await outcome([])).delivered).toEqual({ handled: 1, letters: [], reports: [] })
})

test('a terminal failure is dead-lettered at once, with the unchanged record', async () => {
  const { handled, letters } = await (await outcome([terminal])).delivered
  expect(handled).toBe(0)
  expect(letters).toMatchObject([
    { ...record, group: 'g', code: 'INVALID_INPUT', message: 'no event', hint: 'find its author', attempts: 1 },
  ])
})

test('each failure that is retried is reported with its attempt', async () => {
  const { handled, reports } = await (await outcome([passing, new Error('bug')])).delivered
  expect(handled).toBe(1)
  expect(reports).toEqual([1, 2].map(attempt => `g failed on learning.events/3/9007199254740993, attempt ${attempt}`))
})

test('a dead letter that cannot be written holds the record until it can', async () => {
  const { letters, reports } = await (await outcome([terminal], { unwritable: 2 })).delivered
  expect(letters).toHaveLength(1)
  expect(reports.filter(line => line.startsWith('a dead letter could not be written'))).toHaveLength(2)
})

test('an abort between two tries rejects, so that the record is not acknowledged', async () => {
  const stopping = new AbortController()
  const { delivered, reports } = await outcome(
    Array.from({ length: 100 }, () => passing),
    { signal: stopping.signal },
  )
  await expect.poll(() => reports.length).toBeGreaterThan(0)
  stopping.abort()
  await expect(delivered).rejects.toThrow()
})

test('pauses double from 50 ms to 5 s', () => {
  expect([1, 2, 3, 7, 8, 100].map(pauseMs)).toEqual([50, 100, 200, 3_200, 5_000, 5_000])
})

test('a dead letter matches its schema, whatever was thrown', () => {
  for (const thrown of [terminal, new TypeError('x'), 'text', undefined])
    expect(DeadLetter.parse(deadLetter(record, 'g', thrown, 5))).toMatchObject(record)
  expect(deadLetter(record, 'g', new TypeError('x'), 5).code).toBe('INTERNAL')
})
