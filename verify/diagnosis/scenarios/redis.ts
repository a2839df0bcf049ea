import { Redis } from 'ioredis'
import { masteryKey } from '../../../schemas/state-keys.ts'
import { until } from '../../wait.ts'
import type { LocalTestPlatform } from '../../test-platform-local.ts'
import { defineScenario } from '../scenario.ts'

/** Sets this on every node, as an operator may while they run. */
async function onEveryNode({ topology }: LocalTestPlatform, ...pair: readonly [string, string]): Promise<void> {
  for (const { port } of topology.redis) {
    const node = new Redis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: 1 })
    node.on('error', () => {})
    await node.connect()
    await node.config('SET', ...pair)
    node.disconnect()
  }
}

export const redisScenarios = [
  defineScenario({
    id: 'redis.password-set',
    after: 'SREGym valkey_auth_disruption, ITBench-34',
    roots: [
      { cause: /Redis asks for a password that this platform does not have/, fix: /^learnflow redis-cluster deploy/ },
    ],
    strike: async platform => onEveryNode(platform, 'requirepass', 'another-password'),
  }),
  defineScenario({
    id: 'redis.memory-limit',
    after: 'SREGym valkey_memory_disruption, ITBench-21/40',
    roots: [{ cause: /Redis takes no more data: its memory is limited/, fix: /^learnflow redis-cluster deploy/ }],
    strike: async platform => onEveryNode(platform, 'maxmemory', '1mb'),
  }),
  defineScenario({
    id: 'redis.node-hangs',
    after: 'AIOpsLab pod_failure',
    roots: [{ cause: /redis-2 stands still/, fix: /^kill -CONT \d+$/ }],
    strike: async platform => platform.signal('redis-2', 'SIGSTOP'),
  }),
  defineScenario({
    id: 'redis.value-changed',
    unnoticed: true,
    after: 'SREGym silent_data_corruption',
    roots: [{ cause: /the state differs from the history/, fix: /^learnflow state-store rebuild$/ }],
    async strike({ probe, stores: { state } }) {
      const student = probe.newStudent()
      const client = probe.client({ student })
      const { request_id: id } = await client.submit('square', 'def square(n): return n * n', 'changed')
      await client.ended(id)
      const key = masteryKey(student, 'basics')
      // The agent writes it after the grade, and would write over what is changed before.
      await until('the mastery is stored', async () => (await state.get(key)) !== undefined, { limitMs: 30_000 })
      const stored = (await state.get<Record<string, unknown>>(key))?.value
      await state.set(key, { ...stored, mastery: 0.123 })
    },
  }),
] as const
