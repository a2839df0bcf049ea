import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { freshTopic } from '../../contract/event-log.ts'
import { onEngines } from '../../engines/test-local.ts'
import { kafkaLog } from '../direct/event-log.ts'
import { openApp } from './app.ts'
import { handledGroup } from './catch-up.ts'
import { daprLog } from './event-log.ts'

/** What the test does in the place of a sidecar that passes records over: deliveries as Dapr makes them, and its commits. */
onEngines(({ kafka }) => {
  const logger = { warn: () => {} }
  const direct = () => kafkaLog({ brokers: kafka, seconds: 10, logger, onBroken: () => {} })

  /** An agent with what it has handled; all messages of the topic are on one partition. */
  const stage = async (messages: number) => {
    const stack = new AsyncDisposableStack()
    onTestFinished(async () => stack.disposeAsync())
    const log = stack.use(direct())
    const [topic, group] = [await freshTopic(log), randomUUID()]
    await log.publish(
      topic,
      Array.from({ length: messages }, (_, at) => ({ key: 'ann', value: String(at) })),
    )
    const partition = (await log.lag(topic, group)).find(({ end }) => end !== '0')?.partition ?? -1
    const handled: string[] = []
    const start = async (everyMs?: number) => {
      const own = new AsyncDisposableStack()
      const app = own.use(await openApp(0))
      const dapr = own.use(daprLog({ httpPort: 1, app, brokers: kafka, seconds: 10, logger, ...(everyMs === undefined ? {} : { catchUpMs: everyMs }) }))
      own.use(await dapr.subscribe({ topic, group, handle: async ({ value }) => void handled.push(value) }))
      stack.use(own)
      const deliver = async (offset: number): Promise<number> => {
        const headers = { 'content-type': 'application/json', __key: 'ann', __partition: String(partition), __offset: String(offset) }
        const body = JSON.stringify({ data_base64: Buffer.from(String(offset)).toString('base64') })
        return (await fetch(`http://127.0.0.1:${app.port}/events/${topic}`, { method: 'POST', headers, body })).status
      }
      return { deliver, stop: async () => own.disposeAsync() }
    }
    return { log, topic, group, partition, handled, start }
  }

  test('records that were passed over are handled first, in their order, and none twice', async () => {
    const { handled, start } = await stage(6)
    const { deliver } = await start()
    expect([await deliver(0), await deliver(3), await deliver(4)]).toEqual([200, 200, 200])
    expect(handled).toEqual(['0', '1', '2', '3', '4'])
  })

  test('an agent that is started anew knows what was handled before: it misses nothing, and what was handled does not come again', async () => {
    const { log, topic, group, partition, handled, start } = await stage(6)
    const first = await start()
    await first.deliver(0)
    await first.stop()
    expect((await log.lag(topic, handledGroup(group))).find(place => place.partition === partition)).toMatchObject({ committed: '1', started: true })
    const second = await start()
    await second.deliver(2)
    expect(handled).toEqual(['0', '1', '2'])
  })

  test('what was passed over and committed at the end of a partition is handled without another delivery', async () => {
    const { log, topic, group, handled, start } = await stage(2)
    const { deliver } = await start(500)
    await deliver(0)
    // As Dapr commits both: by a member that handles neither.
    {
      await using passing = await log.subscribe({ topic, group, handle: async () => {} })
      await expect.poll(async () => (await log.lag(topic, group)).every(({ lag }) => lag === 0)).toBe(true)
      void passing
    }
    await expect.poll(() => handled).toEqual(['0', '1'])
  })
})
