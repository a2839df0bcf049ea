import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { agentControlContract } from '../platform/contract/agent-control.ts'
import { onEngines } from '../platform/engines/test-local.ts'
import { localAgents } from '../platform/targets/local/agents.ts'
import { localSupervisor } from '../platform/targets/local/home.ts'
import { demandTopology } from '../platform/targets/local/topology.ts'
import { root } from '../verify/test-platform.ts'
import { type LocalTestPlatform, startLocalTestPlatform } from '../verify/test-platform-local.ts'

onEngines(() => {
  let platform: LocalTestPlatform
  beforeAll(async () => {
    platform = await startLocalTestPlatform()
    // Processes that this test starts get the settings of those that are there.
    for (const [name, value] of Object.entries(platform.env)) vi.stubEnv(name, value)
  })
  afterAll(async () => platform?.[Symbol.asyncDispose]())

  agentControlContract('local', { name: 'progress', maxSize: 12 }, async () => {
    const { folder, stores } = platform
    return {
      control: localAgents({
        config: readConfig({ LEARNFLOW_DATA_DIR: folder }),
        log: stores.log,
        progress: () => {},
        signal: new AbortController().signal,
        entry: join(root, 'bin', 'learnflow.ts'),
      }),
      log: stores.log,
      atWork: async name => {
        const members = (await demandTopology(folder)).members.filter(({ role }) => role === name)
        const states = await Promise.all(members.map(async member => localSupervisor(folder).status(member.name)))
        const ids = states.filter(({ status }) => status === 'running').map(state => `${state.name} ${state.pid}`)
        return { ids, size: ids.length }
      },
      // Settings are files and the processes are the supervisor's: a control holds nothing.
      [Symbol.asyncDispose]: async () => {},
    }
  })
})
