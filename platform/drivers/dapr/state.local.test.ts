import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { stateStoreContract } from '../../contract/state-store.ts'
import { freePorts } from '../../engines/ports.ts'
import { ownRedis, ownSidecar } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import { redisState } from '../direct/state.ts'
import { daprState } from './state.ts'

onEngines(({ kafka, redis }) => {
  const beside = async (nodes: readonly string[], seconds: number) => {
    const [appPort = 0] = await freePorts(1)
    const sidecar = await ownSidecar({ appId: 'state-test', appPort, kafka, redis: nodes })
    return { sidecar, store: daprState({ httpPort: sidecar.httpPort, seconds }) }
  }
  const open = async () => {
    const { sidecar, store } = await beside(redis, 10)
    return { store, kill: async () => {}, [Symbol.asyncDispose]: async () => sidecar[Symbol.asyncDispose]() }
  }
  const openOwn = async () => {
    const server = await ownRedis(0)
    const { sidecar, store } = await beside(server.addresses, 3)
    const dispose = async (): Promise<void> => {
      await sidecar[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { store, kill: server.kill, [Symbol.asyncDispose]: dispose }
  }
  stateStoreContract('Dapr on Redis Cluster', open, openOwn)

  test('what one driver writes the other reads, with the same version', async () => {
    await using opened = await open()
    await using direct = redisState({ nodes: redis, seconds: 10, report: () => {} })
    const key = `test:${randomUUID()}`
    for (const [writer, reader] of [
      [direct, opened.store],
      [opened.store, direct],
    ] as const) {
      const value = { mastery: 63.12345678901234, text: '"' }
      await writer.set(key, value)
      const read = await reader.get(key)
      expect(read).toEqual(await writer.get(key))
      expect(read?.value).toEqual(value)
      await reader.set(key, 'next', { etag: read?.etag ?? '' })
      await expect(writer.set(key, 'late', { etag: read?.etag ?? '' })).rejects.toMatchObject({ code: 'CONFLICT' })
    }
  })
})
