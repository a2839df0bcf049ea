import { describe, expect, test } from 'vitest'
import { submissionReceived } from '../../schemas/events.ts'
import type { Letter } from '../../schemas/dead-letter.ts'
import { deadLetterQueue } from '../../schemas/topics.ts'
import { PlatformError } from '../errors.ts'
import { decide, type LetterFilter, pageOf, readLetters } from '../log/dead-letters.ts'
import { replayLetters, sortForReplay } from '../log/replay-letters.ts'
import type { EventLog } from '../ports/event-log.ts'
import type { History } from '../ports/history.ts'
import { freshTopic } from './event-log.ts'

interface LettersUnderTest extends AsyncDisposable {
  log: EventLog
  history: History
}

const event = (student: string) => {
  const submission_id = crypto.randomUUID()
  const data = { submission_id, exercise_id: 'square', exercise_version: 1, attempt: 1, code: 'pass' }
  return submissionReceived.of(student, data, { key: [submission_id, 1], source: '/api' })
}

/** Publishes values under a key and returns once each group has refused all of them. */
async function refuse(log: EventLog, topic: string, groups: readonly string[], key: string, values: readonly string[]) {
  await using members = new AsyncDisposableStack()
  const handle = async (): Promise<void> => {
    throw new PlatformError('EXERCISE_FAULTY', 'not now', { hint: 'mend it' })
  }
  for (const group of groups) members.use(await log.subscribe({ topic, group, handle }))
  await log.publish(
    topic,
    values.map(value => ({ key, value })),
  )
  for (const group of groups)
    await expect
      .poll(async () => (await log.lag(topic, group)).reduce((sum, { lag }) => sum + lag, 0), { timeout: 20_000 })
      .toBe(0)
}

/** What holds of the letters of every log: identity, state, filters before the limit, replay to one group. */
export function deadLettersContract(driver: string, open: () => Promise<LettersUnderTest>): void {
  describe(`dead letters: ${driver}`, () => {
    test('a replay reaches the one group that refused, and the others and the topic get nothing', async () => {
      await using ports = await open()
      const topic = await freshTopic(ports.log, 1)
      await refuse(ports.log, topic, ['exercise', 'progress'], 'ann', [JSON.stringify(event('ann'))])
      const ours = async (filter: LetterFilter = {}): Promise<Letter[]> =>
        (await readLetters(ports, filter)).filter(letter => letter.topic === topic)
      expect((await ours({ state: 'waiting' })).map(({ letter }) => letter).toSorted()).toEqual([
        `${topic}/0/0/exercise`,
        `${topic}/0/0/progress`,
      ])
      const wanted = await ours({ group: 'exercise' })
      expect(await replayLetters(ports.history, wanted, 'tina')).toHaveLength(1)
      expect(await replayLetters(ports.history, wanted, 'tom')).toEqual([])
      const inbox = await ports.history.db.selectFrom('inbox').select(['consumer', 'lane', 'state']).execute()
      expect(inbox).toEqual([{ consumer: 'exercise', lane: 'ann', state: 'queued' }])
      expect((await ports.log.lag(topic, 'nobody'))[0]?.end).toBe('1')
      expect((await ours()).toSorted((one, other) => one.group.localeCompare(other.group))).toMatchObject([
        { group: 'exercise', state: 'replayed', changed_by: 'tina', changed_at: expect.any(String) },
        { group: 'progress', state: 'waiting' },
      ])
    })

    test('a letter that is refused again waits again; a discarded one does not', async () => {
      await using ports = await open()
      const topic = await freshTopic(ports.log, 1)
      await refuse(ports.log, topic, ['exercise'], 'bob', ['no event', 'none either'])
      const ours = async (): Promise<Letter[]> =>
        (await readLetters(ports, {})).filter(letter => letter.topic === topic)
      const [first, second] = await ours()
      expect(sortForReplay([first!])).toMatchObject({
        good: [],
        bad: [{ reason: expect.stringContaining('no event') }],
      })
      expect(await decide(ports.history.db, [first!, second!], 'discarded', 'tina')).toHaveLength(2)
      expect((await ours()).map(({ state }) => state)).toEqual(['discarded', 'discarded'])
      const { letter: _, state: __, synthetic: ___, changed_at: ____, changed_by: _____, ...again } = first!
      const value = JSON.stringify({ ...again, id: crypto.randomUUID(), time: new Date().toISOString() })
      await ports.log.publish(deadLetterQueue.name, [{ key: 'bob', value }])
      expect((await ours()).map(({ state, value }) => [value, state])).toEqual([
        ['none either', 'discarded'],
        ['no event', 'waiting'],
      ])
    })

    test('a letter is found behind 1,000 of checks, and pages of any size show every letter once', async () => {
      await using ports = await open()
      const topic = await freshTopic(ports.log, 1)
      const values = Array.from({ length: 1_000 }, (_, nr) => String(nr))
      await refuse(ports.log, topic, ['exercise'], 'synthetic-1', values)
      await refuse(ports.log, topic, ['exercise'], 'cat', ['a real one'])
      const all = (await readLetters(ports, { state: 'waiting' })).filter(letter => letter.topic === topic)
      expect(all).toHaveLength(1_001)
      const real = (await readLetters(ports, { synthetic: false })).filter(letter => letter.topic === topic)
      expect(real).toMatchObject([{ key: 'cat', value: 'a real one', synthetic: false }])
      const seen: string[] = []
      for (let after: string | undefined, pages = 0; pages === 0 || after !== undefined; pages += 1) {
        const page = pageOf(all, 300, after)
        seen.push(...page.letters.map(({ value }) => value))
        after = page.next
      }
      expect(seen.toSorted()).toEqual([...values, 'a real one'].toSorted())
    })

    test('a record on the dead-letter queue that is no dead letter hides none and is not lost', async () => {
      await using ports = await open()
      const value = `no letter ${crypto.randomUUID()}`
      await ports.log.publish(deadLetterQueue.name, [{ key: 's1', value }])
      const found = (await readLetters(ports, {})).filter(letter => letter.value === value)
      expect(found).toMatchObject([{ topic: deadLetterQueue.name, state: 'waiting' }])
      expect(sortForReplay(found).good).toEqual([])
      await decide(ports.history.db, found, 'discarded', 'tina')
      expect((await readLetters(ports, { state: 'waiting' })).filter(letter => letter.value === value)).toEqual([])
    })
  })
}
