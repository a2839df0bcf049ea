import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { openStage, received, type Stage } from '../agents/test-stage.ts'
import { readConfig } from '../platform/config.ts'
import { deadLetter } from '../platform/log/deliver.ts'
import { PlatformError } from '../platform/errors.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import { deadLetterQueue, learningEvents } from '../schemas/topics.ts'
import { agentNames } from '../schemas/words.ts'
import { forgetErased } from './forget.ts'
import { tidy } from './janitor.ts'

const dayMs = 86_400_000
const erased = { erasedAt: () => undefined, anyAfter: () => true, nameless: () => 'x' }

/** The embedded log with what Kafka has in its place of deleting by key. */
const kafkaLike = ({ history: { db }, log }: Stage): EventLog => ({
  ...log,
  // By default whatever its age; the clock of the database counts microseconds.
  async forget(topic, ends, before = new Date(Date.now() + dayMs)) {
    for (const [partition, end] of ends)
      await sql`delete from log_record where topic = ${topic} and partition = ${partition}
        and log_offset < ${end}::bigint and at <= ${before}`.execute(db)
  },
})

const erasedHoursAgo = async ({ history }: Stage, hours: number) => {
  const row = { actor: 'oda', action: 'student.erase', subject: 'erased:1', detail: '{}' }
  await history.db.insertInto('audit').values(row).execute()
  await sql`update audit set at = now() - make_interval(hours => ${hours})`.execute(history.db)
}

const kept = async ({ history }: Stage, topic: string): Promise<string[]> => {
  const rows = await history.db.selectFrom('log_record').select('key').where('topic', '=', topic).execute()
  return rows.map(({ key }) => key).toSorted()
}

test('what is unread goes only when it is older than 20 h, whenever the erasure was; what is read when it is old', async () => {
  await using stage = await openStage()
  const { db } = stage.history
  const deps = { history: stage.history, log: kafkaLike(stage), erased }
  for (const [id, hours] of Object.entries({ new: 0, ann: 2, bob: 19, carl: 21 })) {
    await stage.publish(received(id))
    await sql`update log_record set at = now() - make_interval(hours => ${hours}) where key = ${id}`.execute(db)
  }
  await erasedHoursAgo(stage, 19)
  await forgetErased(deps)
  expect(await kept(stage, learningEvents.name)).toEqual(['ann', 'bob', 'carl', 'new'])
  await erasedHoursAgo(stage, 22)
  await forgetErased(deps)
  expect(await kept(stage, learningEvents.name)).toEqual(['ann', 'bob', 'new'])
  for (const name of agentNames) {
    await using reader = await stage.log.subscribe({ topic: learningEvents.name, group: name, handle: async () => {} })
    const unread = async () =>
      (await stage.log.lag(learningEvents.name, name)).reduce((sum, { lag }) => sum + Number(lag), 0)
    await expect.poll(unread, { timeout: 10_000 }).toBe(0)
    expect(reader.assigned().length).toBeGreaterThan(0)
  }
  await forgetErased(deps)
  expect(await kept(stage, learningEvents.name)).toEqual(['new'])
})

test('letters of others are written again while they are kept; what is no letter stops nothing and goes', async () => {
  await using stage = await openStage()
  const letterOf = (key: string, ageMs: number) => {
    const record = { topic: learningEvents.name, partition: 0, offset: '1', key, value: 'v' }
    const time = new Date(Date.now() - ageMs).toISOString()
    return { key, value: JSON.stringify({ ...deadLetter(record, 'exercise', new Error('no'), 5), time }) }
  }
  await stage.log.publish(deadLetterQueue.name, [
    letterOf('ann', 6 * dayMs),
    letterOf('bob', 8 * dayMs),
    letterOf('zelda', dayMs),
    { key: 'zelda', value: 'no JSON' },
    { key: 'foreign', value: '{"no": "letter"}' },
  ])
  await erasedHoursAgo(stage, 2)
  const zeldas = { ...erased, erasedAt: (id: string) => (id === 'zelda' ? new Date() : undefined) }
  const deps = { history: stage.history, log: kafkaLike(stage), erased: zeldas }
  for (let round = 0; round < 2; round += 1) {
    await forgetErased(deps)
    expect(await kept(stage, deadLetterQueue.name)).toEqual(['ann'])
  }
})

test('the files of the history and of the state give up the erased, once, also while the log does not answer, which is told', async () => {
  await using stage = await openStage()
  const folder = mkdtempSync(join(tmpdir(), 'learnflow-forget-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await erasedHoursAgo(stage, 2)
  const log: EventLog = {
    ...stage.log,
    forget: async () => Promise.reject(new PlatformError('DEPENDENCY_DOWN', 'no broker', { hint: 'Wait.' })),
  }
  const config = readConfig({ LEARNFLOW_DATA_DIR: folder }, {}, folder)
  const rewritten: string[] = []
  const rewriteState = async () => (rewritten.push('state'), [])
  const round = async () => tidy({ ...stage.ports, log, rewriteState, config, reclaims: false })
  for (let hour = 0; hour < 2; hour += 1) await expect(round()).rejects.toThrow('no broker')
  expect(rewritten).toEqual(['state'])
  const noted = stage.history.db.selectFrom('audit').select('action').where('action', '=', 'history.scrub')
  expect(await noted.execute()).toHaveLength(1)
})
