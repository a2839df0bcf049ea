import { expect, test } from 'vitest'
import { received } from '../agents/test-stage.ts'
import { kafkaLog } from '../platform/drivers/direct/event-log.ts'
import { openMigrated } from '../platform/drivers/embedded/test-engine.ts'
import { ownKafka } from '../platform/engines/test-engines.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import { deadLetter } from '../platform/log/deliver.ts'
import { readLetters, replayGroup } from '../platform/log/dead-letters.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import { partitionOf } from '../schemas/partitioner.ts'
import { deadLetterQueue, learningEvents, topics } from '../schemas/topics.ts'
import { agentNames } from '../schemas/words.ts'
import { forgetErased } from './forget.ts'

const at = new Date()
const erased = {
  erasedAt: (id: string) => (id === 'zelda' ? at : undefined),
  anyAfter: () => true,
  nameless: () => 'x',
}

/** All that the log still gives. */
async function textOf(log: EventLog): Promise<string> {
  const texts: string[] = []
  for (const { name } of topics)
    for (const { partition } of await log.lag(name, replayGroup))
      texts.push(...(await log.read(name, partition, '0', 500)).map(({ key, value }) => key + value))
  return texts.join('\n')
}

const letterOf = (key: string, offset: string, ageMs = 3_600_000) => {
  const time = new Date(at.getTime() - ageMs).toISOString()
  const record = {
    topic: learningEvents.name,
    partition: partitionOf(key, learningEvents.partitions),
    offset,
    key,
    value: `of ${key}`,
  }
  return {
    key,
    value: JSON.stringify({ ...deadLetter(record, 'exercise', new Error('no'), 5), time }),
  }
}

onEngines(() => {
  test('what agents have read of the erased and their letters leave Kafka; what is unread and letters of others stay', async () => {
    await using stack = new AsyncDisposableStack()
    const server = stack.use(await ownKafka())
    const onBroken = (error: Error): never => {
      throw error
    }
    const log = stack.use(kafkaLog({ brokers: server.addresses, seconds: 60, logger: { warn: () => {} }, onBroken }))
    const history = stack.use(await openMigrated())
    for (const topic of topics) await log.createTopic(topic)
    const publish = async (id: string) => {
      const event = received(id)
      await log.publish(learningEvents.name, [{ key: id, value: JSON.stringify(event) }])
    }
    await publish('zelda')
    await log.publish(deadLetterQueue.name, [
      letterOf('zelda', '1'),
      letterOf('ann', '2'),
      letterOf('bob', '3'),
      letterOf('carl', '4', 8 * 86_400_000),
    ])
    const forget = async () => forgetErased({ history, log, erased, youngMs: 0 })
    expect(await forget()).toBe(false)
    const row = { actor: 'oda', action: 'student.erase', subject: 'erased:1', detail: '{}' }
    await history.db.insertInto('audit').values(row).execute()
    const read = async (group: string) => log.subscribe({ topic: learningEvents.name, group, handle: async () => {} })
    for (const name of agentNames.slice(1)) stack.use(await read(name))
    expect(await forget()).toBe(true)
    // One agent has not read it; the letter is gone at once.
    expect(await textOf(log)).toContain('zelda')
    expect(await textOf(log)).not.toContain('of zelda')
    stack.use(await read(agentNames[0] ?? ''))
    await expect
      .poll(async () => (await forget(), textOf(log)), { timeout: 60_000, interval: 500 })
      .not.toContain('zelda')
    await forget()
    const letters = await readLetters({ log, history }, {})
    expect(letters.map(({ key }) => key).toSorted()).toEqual(['ann', 'bob'])
    const fillers = await history.db.selectFrom('outbox').select('key').execute()
    expect(new Set(fillers.map(({ key }) => partitionOf(key, learningEvents.partitions))).size).toBe(
      learningEvents.partitions,
    )
  })
})
