import type { Config } from '../platform/config.ts'
import { type DataFolder, readSecret } from '../platform/data-folder.ts'
import { PlatformError } from '../platform/errors.ts'
import { openPorts, type Ports } from '../platform/open.ts'
import type { Agents } from '../platform/ports/agents.ts'
import type { AgentName } from '../schemas/words.ts'
import type { AgentDefinition } from './agent.ts'
import { startApi } from './api/server.ts'
import { openBank } from './exercise/bank.ts'
import { exercise } from './exercise/agent.ts'
import { withStored } from './exercise/stored.ts'
import { startCrew } from './crew.ts'
import { startJanitor } from './janitor.ts'
import { dropLeases } from './lanes.ts'
import { startRelay } from './outbox.ts'
import { progress } from './progress/agent.ts'
import { triageMethods, triageWorker } from './triage/agent.ts'
import { startWorker, type Worker } from './worker.ts'

/** The agents that are built, beside triage. An agent that is not in this list is absent. */
const agents: readonly AgentDefinition[] = [exercise, progress]

export interface Platform extends AsyncDisposable {
  url: string
  ports: Ports
  agents: Agents
}

export interface PlatformOptions {
  version: string
  onBroken: (error: PlatformError) => void
}

/**
 * The embedded platform in this process: ports, one worker per agent, the relay and the API. Disposing drains: first no new requests,
 * then the items in hand, then the outbox, then the engines.
 * @throws PORT_IN_USE, DATA_FOLDER_UNUSABLE, DATA_FOLDER_NEWER, DEPENDENCY_DOWN
 */
export async function startPlatform(config: Config, data: DataFolder, { version, onBroken }: PlatformOptions): Promise<Platform> {
  await using stack = new AsyncDisposableStack()
  const [secret, files] = await Promise.all([readSecret(data.folder), openBank()])
  /** Who runs now: the crew keeps it. */
  const deployed: AgentName[] = []
  const ports = stack.use(await openPorts(config, data, { apps: { triage: whileDeployed(deployed) }, onBroken }))
  const bank = stack.use(await withStored(files, ports))
  // Nobody else can hold a lease: this process owns the folder. What a dead one left would only make students wait.
  await dropLeases(ports.history)
  stack.use(startJanitor(ports))
  const leaseSeconds = config.LEARNFLOW_LEASE_SECONDS
  const relay = stack.use(startRelay(ports, `relay-${process.pid}`, leaseSeconds))
  const launch = async (agent: AgentDefinition): Promise<Worker> => startWorker(agent, { ...ports, bank }, { leaseSeconds, onStored: relay.nudge })
  const crew = stack.use(await startCrew(data.folder, [triageWorker(deployed), ...agents], deployed, launch))
  const api = stack.use(await startApi({ ports, bank, config, secret, agents: deployed, onStored: relay.nudge, version, target: 'embedded' }))
  const running = stack.move()
  return {
    url: api.url,
    ports,
    agents: crew,
    async [Symbol.asyncDispose]() {
      api.beginDrain()
      await running.disposeAsync()
    },
  }
}

/** Triage as the API asks it. While an operator has it stopped it does not answer, and the questions wait for it. */
function whileDeployed(deployed: readonly AgentName[]): typeof triageMethods {
  return {
    route(body) {
      if (deployed.includes('triage')) return triageMethods.route(body)
      throw new PlatformError('DEPENDENCY_DOWN', 'the agent triage is stopped', { hint: 'learnflow tutoring-agents deploy triage' })
    },
  }
}
