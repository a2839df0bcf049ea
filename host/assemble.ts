import type { Config } from '../platform/config.ts'
import type { DataFolder } from '../platform/owner/data-folder.ts'
import { PlatformError } from '../platform/errors.ts'
import { verifyingSecret } from '../platform/tokens.ts'
import { openPorts, openSharedPorts, type Ports } from '../platform/open.ts'
import { logSteps } from '../platform/steps.ts'
import type { AgentControl } from '../platform/ports/agent-control.ts'
import type { AgentDefinition } from '../agents/agent.ts'
import { startApi } from '../api/server.ts'
import { openBank } from '../tutor/exercise/bank.ts'
import { withStored } from '../agents/exercise/stored-exercises.ts'
import { startAgents } from '../platform/targets/embedded/agent-manager.ts'
import { startJanitor } from './janitor.ts'
import { startReconciler } from './reconciler.ts'
import { dropLeases } from '../agents/lanes.ts'
import { startRelay } from '../agents/outbox.ts'
import { agentDirectory, loadAgents } from '../agents/agents.ts'
import { invocable } from '../agents/invocation.ts'
import { startWorker, type Worker } from '../agents/worker.ts'

export interface Platform extends AsyncDisposable {
  url: string
  ports: Ports
  agents: AgentControl
}

export interface PlatformOptions {
  version: string
  onBroken: (error: PlatformError) => void
}

/**
 * The embedded platform in this process: ports, one worker per agent, the relay and the API. Disposing drains: first it
 * refuses new requests, then finishes the items in hand, then publishes the outbox, then closes the engines.
 * @throws PORT_IN_USE, DATA_FOLDER_UNUSABLE, DATA_FOLDER_NEWER, DEPENDENCY_DOWN
 */
export async function startPlatform(
  config: Config,
  data: DataFolder,
  { version, onBroken }: PlatformOptions,
): Promise<Platform> {
  await using stack = new AsyncDisposableStack()
  const [secret, files, agents] = await Promise.all([
    verifyingSecret(config),
    openBank(config.LEARNFLOW_EXERCISES),
    loadAgents(),
  ])
  const directory = agentDirectory(agents)
  const ports = stack.use(await openPorts(config, data, { apps: invocable(agents, directory), onBroken }))
  stack.use(logSteps(ports.logger))
  const bank = stack.use(await withStored(files, ports))
  // This process owns the folder, so nobody else can hold a lease. A lease of a dead process would only make students
  // wait.
  await dropLeases(ports.history)
  stack.use(startJanitor({ ...ports, config, reclaims: true }))
  const leaseSeconds = config.LEARNFLOW_LEASE_SECONDS
  const relay = stack.use(startRelay(ports, `relay-${process.pid}`, leaseSeconds))
  stack.use(startReconciler(ports, agents, relay.notify))
  const launch = async (agent: AgentDefinition): Promise<Worker> =>
    startWorker(agent, { ...ports, bank, agents: directory }, { leaseSeconds, notify: relay.notify })
  const agentManager = stack.use(await startAgents(data.folder, agents, directory.set, launch))
  const api = stack.use(
    await startApi({
      ports,
      bank,
      config,
      secret,
      agents: directory,
      notify: relay.notify,
      version,
      target: 'embedded',
    }),
  )
  const running = stack.move()
  return {
    url: api.url,
    ports,
    agents: agentManager,
    async [Symbol.asyncDispose]() {
      api.beginDrain()
      await running.disposeAsync()
    },
  }
}

/** One process of a platform whose engines run in processes of their own. Disposing drains it. */
export interface PlatformProcess extends AsyncDisposable {
  ports: Ports
}

/**
 * What every such process has: ports, the exercises, and a relay that takes turns with the relays of the other
 * processes.
 */
async function openPlatformProcess(name: string, config: Config, { onBroken }: Pick<PlatformOptions, 'onBroken'>) {
  await using stack = new AsyncDisposableStack()
  const agents = await loadAgents()
  // Only the supervisor knows which of them run, so each process assumes that all do.
  const directory = agentDirectory(agents)
  // The methods are functions of their argument alone, so without a sidecar to carry calls the API answers them itself.
  const ports = stack.use(await openSharedPorts(config, name, { apps: invocable(agents, directory), onBroken }))
  stack.use(logSteps(ports.logger))
  const bank = stack.use(await withStored(await openBank(config.LEARNFLOW_EXERCISES), ports))
  const relay = stack.use(startRelay(ports, `relay-${name}-${process.pid}`, config.LEARNFLOW_LEASE_SECONDS, true))
  const owned = stack.move()
  return { ports, bank, relay, agents, directory, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

/** One agent as a process of its own. @throws AGENT_ABSENT, DEPENDENCY_DOWN */
export async function startAgent(
  name: string,
  config: Config,
  options: Pick<PlatformOptions, 'onBroken'>,
): Promise<PlatformProcess> {
  const agents = await loadAgents()
  const agent = agents.find(one => one.name === name)
  if (agent === undefined)
    throw new PlatformError('AGENT_ABSENT', `the agent ${name} is not built here`, {
      hint: `There are: ${agents.map(one => one.name).join(', ')}.`,
    })
  await using stack = new AsyncDisposableStack()
  const { ports, bank, relay, directory } = stack.use(await openPlatformProcess(name, config, options))
  stack.use(
    await startWorker(
      agent,
      { ...ports, bank, agents: directory },
      { leaseSeconds: config.LEARNFLOW_LEASE_SECONDS, notify: relay.notify },
    ),
  )
  const running = stack.move()
  return { ports, [Symbol.asyncDispose]: async () => running.disposeAsync() }
}

/** The API as a process of its own, with the janitor; there may be several. @throws PORT_IN_USE, DEPENDENCY_DOWN */
export async function startApiAlone(
  config: Config,
  { version, onBroken }: PlatformOptions,
): Promise<PlatformProcess & { url: string }> {
  await using stack = new AsyncDisposableStack()
  const secret = await verifyingSecret(config)
  const { ports, bank, relay, agents, directory } = stack.use(await openPlatformProcess('api', config, { onBroken }))
  stack.use(startJanitor({ ...ports, config, reclaims: false }))
  stack.use(startReconciler(ports, agents, relay.notify))
  const api = stack.use(
    await startApi({
      ports,
      bank,
      config,
      secret,
      agents: directory,
      notify: relay.notify,
      version,
      target: 'local',
    }),
  )
  const running = stack.move()
  return {
    url: api.url,
    ports,
    async [Symbol.asyncDispose]() {
      api.beginDrain()
      await running.disposeAsync()
    },
  }
}
