import { pino } from 'pino'
import { expect, test } from 'vitest'
import { deadLetterQueue, learningEvents } from '../../../schemas/topics.ts'
import { consumerGroupContract } from '../../contract/consumer-group.ts'
import { deadLettersContract } from '../../contract/dead-letters.ts'
import { contents, eventLogContract, freshTopic, lettersOf } from '../../contract/event-log.ts'
import { eventOf } from '../../log/event-of-record.ts'
import type { LogRecord } from '../../ports/event-log.ts'
import { embeddedLog } from './event-log.ts'
import { openEngine } from './test-engine.ts'

async function open() {
  const { history, kill } = await openEngine()
  const lines: string[] = []
  const log = embeddedLog(history, pino({}, { write: (line: string) => void lines.push(line) }))
  await log.createTopic(deadLetterQueue)
  const dispose = async (): Promise<void> => {
    await log[Symbol.asyncDispose]()
    await history[Symbol.asyncDispose]()
  }
  return { log, history, lines, kill, [Symbol.asyncDispose]: dispose }
}

eventLogContract('embedded', open)
consumerGroupContract('embedded', open)
deadLettersContract('embedded', open)

test('offsets beyond 2^53 are counted exactly', async () => {
  await using opened = await open()
  const topic = await freshTopic(opened.log, 1)
  const start = 2n ** 53n + 1n
  await opened.history.db
    .updateTable('log_partition')
    .set({ next_offset: String(start) })
    .where('topic', '=', topic)
    .execute()
  const offsets: string[] = []
  await using _member = await opened.log.subscribe({
    topic,
    group: 'g',
    handle: async ({ offset }) => void offsets.push(offset),
  })
  for (let nr = 0; nr < 3; nr += 1) await opened.log.publish(topic, [{ key: 's1', value: String(nr) }])
  await expect.poll(() => offsets).toEqual([start, start + 1n, start + 2n].map(String))
  await expect
    .poll(async () => opened.log.lag(topic, 'g'))
    .toMatchObject([{ end: String(start + 3n), committed: String(start + 3n), lag: 0 }])
})

test('records removed by retention do not count as lag, whether or not the group read them', async () => {
  await using opened = await open()
  const topic = await freshTopic(opened.log, 2)
  const lag = async (group: string): Promise<number[]> =>
    (await opened.log.lag(topic, group)).map(position => position.lag)
  await opened.log.publish(
    topic,
    ['a', 'b', 'c'].map(value => ({ key: 's1', value })),
  )
  const [behind = 0, other = 0] = (await lag('late')).toSorted((one, another) => one - another)
  expect([behind, other]).toEqual([0, 3])
  await opened.history.db.deleteFrom('log_record').where('topic', '=', topic).where('log_offset', '<', '2').execute()
  expect((await lag('late')).toSorted((one, another) => one - another)).toEqual([0, 1])
  await opened.history.db.deleteFrom('log_record').where('topic', '=', topic).execute()
  expect(await lag('late')).toEqual([0, 0])
})

test('a topic that gets its missing partitions back is read completely by the earlier members', async () => {
  await using opened = await open()
  const name = await freshTopic(opened.log, 2)
  const seen: string[] = []
  await using member = await opened.log.subscribe({
    topic: name,
    group: 'g',
    handle: async ({ value }) => void seen.push(value),
  })
  expect(await opened.log.createTopic({ ...learningEvents, name })).toBe('created')
  expect(member.assigned().length).toBe(12)
  await opened.log.publish(
    name,
    Array.from({ length: 50 }, (_, nr) => ({ key: `s${nr}`, value: String(nr) })),
  )
  await expect.poll(() => seen.length).toBe(50)
  expect((await contents(opened.log, name)).flat().length).toBe(50)
})

test('retried failures are logged: of a handler, and of a database that cannot commit', async () => {
  await using opened = await open()
  const topic = await freshTopic(opened.log, 1)
  let calls = 0
  const handle = async (): Promise<void> => {
    calls += 1
    if (calls === 1) throw new Error('once')
    await opened.kill()
  }
  await using _member = await opened.log.subscribe({ topic, group: 'g', handle })
  await opened.log.publish(topic, [{ key: 's1', value: 'a' }])
  await expect.poll(() => opened.lines.join('')).toContain(`g cannot read ${topic}/0 now`)
  expect(opened.lines.join('')).toContain(`g failed on ${topic}/0/0, attempt 1`)
})

test('a record that several groups refuse is logged once, in one line', async () => {
  await using opened = await open()
  const topic = await freshTopic(opened.log, 1)
  const handle = async (record: LogRecord): Promise<void> => void eventOf(record)
  await using _one = await opened.log.subscribe({
    topic,
    group: 'one',
    handle,
    handleAll: async all => handle(all[0]!),
  })
  await using _two = await opened.log.subscribe({ topic, group: 'two', handle })
  const value = JSON.stringify({ type: 'submission.received', data: { attempt: 'first' } })
  await opened.log.publish(topic, [
    { key: 'ann', value },
    { key: 'ann', value: '{' },
  ])
  await expect.poll(async () => lettersOf(opened.log, topic)).toHaveLength(4)
  expect(opened.lines.map(line => (JSON.parse(line) as { msg: string }).msg.split(':')[0])).toEqual([
    `a dead letter of ${topic}/0/0`,
    `a dead letter of ${topic}/0/1`,
  ])
  for (const line of opened.lines) expect(line.length).toBeLessThan(800)
})

test('a group that falls far behind while it handles a record still gets each record once and in order', async () => {
  await using opened = await open()
  const topic = await freshTopic(opened.log, 1)
  const gate = Promise.withResolvers<void>()
  const slow: number[] = []
  const quick: number[] = []
  await using _quick = await opened.log.subscribe({
    topic,
    group: 'quick',
    handle: async ({ value }) => void quick.push(Number(value)),
  })
  await using _slow = await opened.log.subscribe({
    topic,
    group: 'slow',
    handle: async ({ value }) => (await gate.promise, void slow.push(Number(value))),
  })
  const sent = Array.from({ length: 350 }, (_, nr) => nr)
  for (const nr of sent) await opened.log.publish(topic, [{ key: 's1', value: String(nr) }])
  gate.resolve()
  await expect.poll(() => slow.length, { timeout: 10_000 }).toBe(350)
  expect([slow, quick]).toEqual([sent, sent])
  await expect.poll(async () => (await opened.log.lag(topic, 'slow'))[0]?.lag).toBe(0)
})
