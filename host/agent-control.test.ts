import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { AgentDefinition } from '../agents/agent.ts'
import { agentDirectory, loadAgents } from '../agents/agents.ts'
import { openStage, type Stage } from '../agents/test-stage.ts'
import { startWorker, type Worker } from '../agents/worker.ts'
import { agentControlContract } from '../platform/contract/agent-control.ts'
import { startAgents } from '../platform/targets/embedded/agent-manager.ts'

let stage: Stage
let folder = ''
beforeAll(async () => {
  stage = await openStage()
  folder = await mkdtemp(join(tmpdir(), 'learnflow-agents-'))
})
afterAll(async () => {
  await stage[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

agentControlContract('embedded', { name: 'progress', maxSize: 256 }, async () => {
  const agents = await loadAgents()
  const directory = agentDirectory(agents)
  const launched = new Map<string, { id: string; lanes: number }>()
  const launch = async (agent: AgentDefinition): Promise<Worker> => {
    const worker = await startWorker(agent, stage.ports, { leaseSeconds: 25, notify: () => {} })
    launched.set(agent.name, { id: randomUUID(), lanes: agent.concurrency })
    return {
      busy: worker.busy,
      async [Symbol.asyncDispose]() {
        await worker[Symbol.asyncDispose]()
        launched.delete(agent.name)
      },
    }
  }
  const control = await startAgents(folder, agents, directory.set, launch)
  return {
    control,
    log: stage.log,
    atWork: async name => {
      const worker = launched.get(name)
      expect(agents.filter(agent => directory.runs(agent.name)).map(agent => agent.name)).toEqual(
        agents.map(agent => agent.name).filter(one => launched.has(one)),
      )
      return worker === undefined ? { ids: [], size: 0 } : { ids: [worker.id], size: worker.lanes }
    },
    [Symbol.asyncDispose]: async () => control[Symbol.asyncDispose](),
  }
})
