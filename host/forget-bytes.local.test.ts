import { expect, test } from 'vitest'
import { received } from '../agents/test-stage.ts'
import { kafkaLog } from '../platform/drivers/direct/event-log.ts'
import { openMigrated } from '../platform/drivers/embedded/test-engine.ts'
import { ownKafka } from '../platform/engines/test-engines.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import { deadLetter } from '../platform/log/deliver.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import type { History } from '../platform/ports/history.ts'
import { deadLetterQueue, learningEvents, topics } from '../schemas/topics.ts'
import { agentNames } from '../schemas/words.ts'
import { forgetErased } from './forget.ts'

/** A day in seconds: how soon a file is closed, looked at, and deleted. */
const soon = { 'log.retention.check.interval.ms': '500', 'log.segment.delete.delay.ms': '100' }
const segment_ms = 1_000
const erased = {
  erasedAt: (id: string) => (id === 'zelda' ? new Date() : undefined),
  anyAfter: () => true,
  nameless: () => 'x',
}

/** What the relay of a running platform does. */
async function relay({ db }: History, log: EventLog): Promise<void> {
  const rows = await db.deleteFrom('outbox').returningAll().execute()
  await log.publish(
    learningEvents.name,
    rows.map(({ key, value }) => ({ key, value })),
  )
}

onEngines(() => {
  test('no file of Kafka holds a byte of the erased once the janitor has passed, also of a letter that stood alone', async () => {
    await using stack = new AsyncDisposableStack()
    const server = stack.use(await ownKafka(soon))
    const onBroken = (error: Error): never => {
      throw error
    }
    const log = stack.use(kafkaLog({ brokers: server.addresses, seconds: 60, logger: { warn: () => {} }, onBroken }))
    const history = stack.use(await openMigrated())
    for (const topic of topics) await log.createTopic({ ...topic, segment_ms })
    for (const group of agentNames)
      stack.use(await log.subscribe({ topic: learningEvents.name, group, handle: async () => {} }))
    for (const id of ['zelda', 'ann'])
      await log.publish(learningEvents.name, [{ key: id, value: JSON.stringify(received(id)) }])
    const letter = deadLetter(
      { topic: learningEvents.name, partition: 0, offset: '1', key: 'zelda', value: 'of zelda' },
      'exercise',
      new Error('no'),
      5,
    )
    await log.publish(deadLetterQueue.name, [{ key: 'zelda', value: JSON.stringify(letter) }])
    const left = async () => server.filesWith('zelda')
    expect((await left()).filter(name => name.includes('dead-letter'))).toHaveLength(3)
    expect((await left()).filter(name => name.includes('learning.events'))).toHaveLength(3)

    const row = { actor: 'oda', action: 'student.erase', subject: 'erased:1', detail: '{}' }
    await history.db.insertInto('audit').values(row).execute()
    const round = async () => {
      await forgetErased({ history, log, erased, youngMs: 0 })
      await relay(history, log)
      return left()
    }
    await expect.poll(round, { timeout: 60_000, interval: 500 }).toEqual([])
  })
})
