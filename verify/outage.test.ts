import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Load, Sent } from './load.ts'
import { gradesGoOn } from './outage.ts'
import { wordOf } from './run.ts'

/** A load whose clients have the answers that are in `sent`. */
const loadOf = (sent: Sent[]): Load => ({ sent, students: ['ann'], stop: async () => {} })
const answered = (): Sent => ({ student: 'ann', sentAt: 0, repeats: 0, endedAt: performance.now() })

test('an outage during which no grade comes is LATE, and one with a grade in every while held', async () => {
  const none = await gradesGoOn(loadOf([]), { limitMs: 50, watchedMs: 100 }, async () => {})
  expect(wordOf(none, 'held')).toBe('LATE')
  const sent: Sent[] = []
  const some = await gradesGoOn(
    loadOf(sent),
    { limitMs: 60_000, watchedMs: 100 },
    async () => void sent.push(answered()),
  )
  expect(wordOf(some, 'held')).toBe('held')
})

test('a grade before the strike or after the watch breaks no silence', async () => {
  const sent = [answered()]
  await sleep(1)
  const watched = gradesGoOn(loadOf(sent), { limitMs: 50, watchedMs: 100 }, async () => {})
  sent.push({ ...answered(), endedAt: performance.now() + 3_600_000 })
  expect(wordOf(await watched, 'held')).toBe('LATE')
})

test('what does not hold is FAIL, late or not', () => {
  expect(wordOf({ ok: false, late: true, measured: '' }, 'held')).toBe('FAIL')
  expect(wordOf({ ok: false, measured: '' }, 'held')).toBe('FAIL')
})
