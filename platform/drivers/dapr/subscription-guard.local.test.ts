import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freshTopic } from '../../contract/event-log.ts'
import { ownSidecar } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import { kafkaLog } from '../direct/event-log.ts'
import { openApp } from './app.ts'
import { openSidecar } from './sidecar.ts'
import { guardSubscription } from './subscription-guard.ts'

onEngines(({ kafka, redis }) => {
  test('a sidecar that reads nothing is stopped, one whose group has a member is not', async () => {
    await using log = kafkaLog({ brokers: kafka, seconds: 10, logger: { warn: () => {} }, onBroken: () => {} })
    const topic = await freshTopic(log)
    await using app = await openApp(0)
    app.ready()
    // A group without a subscription, as after the subscription was lost.
    const group = randomUUID()
    await using lost = await ownSidecar({ appId: group, appPort: app.port, kafka, redis })
    const told: string[] = []
    const guard = () =>
      guardSubscription({
        members: async () => log.members(topic, group),
        sidecar: openSidecar(lost.httpPort),
        report: (_error, what) => told.push(what),
        patienceMs: 3_000,
      })
    const ended = (): boolean[] => [...lost.engine.processes.values()].map(process => process.ended())
    {
      await using _member = await log.subscribe({ topic, group, handle: async () => {} })
      await expect.poll(async () => log.members(topic, group)).toHaveLength(1)
      using _guard = guard()
      await sleep(5_000)
      expect([ended(), told]).toEqual([[false], []])
    }
    using _guard = guard()
    await expect.poll(ended, { timeout: 60_000 }).toEqual([true])
    expect(told[0]).toContain('nobody has read for 3 s')
  })
})
