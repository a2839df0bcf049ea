import { stateStoreContract } from '../../contract/state-store.ts'
import { ownRedis } from '../../engines/test-engines.ts'
import { onEngines } from '../../engines/test-local.ts'
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
})
