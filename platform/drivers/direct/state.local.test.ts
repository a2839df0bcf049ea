import { expect, test } from 'vitest'
import { stateStoreContract } from '../../contract/state-store.ts'
import { ownRedis } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
import { rewriteFiles } from './cluster.ts'
import { redisState } from './state.ts'

onEngines(({ redis }) => {
  const open = async () => {
    const store = redisState({ nodes: redis, seconds: 10, report: () => {} })
    return { store, kill: async () => {}, [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose]() }
  }
  const openOwn = async () => {
    const server = await ownRedis(0)
    const store = redisState({ nodes: server.addresses, seconds: 2, report: () => {} })
    const dispose = async (): Promise<void> => {
      await store[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
    return { store, kill: server.kill, [Symbol.asyncDispose]: dispose }
  }
  stateStoreContract('Redis Cluster', open, openOwn)

  test('of a deleted value no byte is left in the files of any node, replicas too, once they were rewritten', async () => {
    await using server = await ownRedis(1)
    const place = { nodes: server.addresses, seconds: 10, report: () => {} }
    await using store = redisState(place)
    await store.set('mastery/zelda/basics', { of: 'zelda' })
    await store.delete('mastery/zelda/basics')
    const left = async () => server.filesWith('zelda')
    await expect.poll(left).toHaveLength(2)
    // The nodes of a new cluster hear of its replicas a little later.
    const rewritten = async () => rewriteFiles(place).catch((error: Error) => error.message)
    await expect.poll(rewritten, { interval: 500 }).toEqual([])
    await expect.poll(left).toEqual([])
    await server.engine.processes.get('redis-6')?.stop(0)
    await expect(rewriteFiles({ ...place, seconds: 2 })).rejects.toMatchObject({ code: 'DEPENDENCY_DOWN' })
  })
})
