import { PlatformError } from '../../errors.ts'
import type { AgentControl, AgentState } from '../../ports/agent-control.ts'
import {
  type AgentSettings,
  assertSize,
  type Former,
  readAgentSettings,
  writeAgentSettings,
} from '../agent-settings.ts'

/** An agent as this platform runs it: `concurrency` is the number of lanes it has unless it is scaled. */
interface Agent {
  name: string
  concurrency: number
}

/** One running agent. Disposing finishes its work in hand, which `busy` counts. */
interface Worker extends AsyncDisposable {
  busy(): number
}

/** The workers of this platform, controlled by an operator. Disposing drains all of them. */
export type AgentManager = AgentControl & AsyncDisposable

interface ManagedAgent<One extends Agent = Agent> {
  agent: One
  lanes: number
  worker: Worker | undefined
}

const stateOf = ({ lanes: size, worker }: ManagedAgent): Former => ({ running: worker !== undefined, size })

const toldOf = ({ agent, lanes: size, worker }: ManagedAgent): AgentState => {
  const running = worker !== undefined
  return {
    name: agent.name,
    running,
    unit: 'lanes',
    size,
    defaultSize: agent.concurrency,
    up: Number(running),
    busy: worker?.busy() ?? 0,
  }
}

function settingsOf(managedAgents: readonly ManagedAgent[]): Pick<AgentSettings, 'stopped' | 'lanes'> {
  const scaled = managedAgents.filter(({ lanes, agent }) => lanes !== agent.concurrency)
  return {
    stopped: managedAgents.filter(({ worker }) => worker === undefined).map(({ agent }) => agent.name),
    lanes: Object.fromEntries(scaled.map(({ lanes, agent }) => [agent.name, lanes])),
  }
}

/**
 * Starts a worker for every agent that is not stopped in the settings of the data folder. `setRunning` is called with
 * whether an agent runs, at the start and at every change.
 * @throws DATA_FOLDER_UNUSABLE when the settings cannot be read.
 */
export async function startAgents<One extends Agent>(
  folder: string,
  agents: readonly One[],
  setRunning: (name: One['name'], running: boolean) => void,
  launch: (agent: One) => Promise<Worker>,
): Promise<AgentManager> {
  const { stopped, lanes, processes, former } = await readAgentSettings(folder)
  const formers = new Map(Object.entries(former))
  const managedAgents = new Map<string, ManagedAgent<One>>(
    agents.map(agent => [agent.name, { agent, lanes: lanes[agent.name] ?? agent.concurrency, worker: undefined }]),
  )
  const begin = async (managed: ManagedAgent<One>): Promise<void> => {
    managed.worker = await launch({ ...managed.agent, concurrency: managed.lanes })
    setRunning(managed.agent.name, true)
  }
  const end = async (managed: ManagedAgent<One>): Promise<void> => {
    const { worker } = managed
    managed.worker = undefined
    setRunning(managed.agent.name, false)
    await worker?.[Symbol.asyncDispose]()
  }
  const save = async (): Promise<void> =>
    writeAgentSettings(folder, {
      ...settingsOf([...managedAgents.values()]),
      processes,
      former: Object.fromEntries(formers),
    })
  for (const managed of managedAgents.values())
    if (stopped.includes(managed.agent.name)) setRunning(managed.agent.name, false)
    else await begin(managed)

  let last: Promise<unknown> = Promise.resolve()
  /** One change at a time, because two could start two workers of one agent. */
  const change = async <T>(name: string, work: (managed: ManagedAgent<One>) => Promise<T>): Promise<T> => {
    const managed = managedAgents.get(name)
    if (managed === undefined)
      throw new PlatformError('AGENT_ABSENT', `the agent ${name.slice(0, 40)} is not built here`, {
        hint: `There are: ${[...managedAgents.keys()].join(', ')}.`,
      })
    const done = last.then(async () => work(managed))
    last = done.catch(() => {})
    return done
  }
  /** Brings an agent to a state after its work in hand is finished. */
  const become = async (managed: ManagedAgent<One>, { running, size }: Former): Promise<void> => {
    if (managed.worker !== undefined && (!running || size !== managed.lanes)) await end(managed)
    managed.lanes = size
    if (running && managed.worker === undefined) await begin(managed)
    await save()
  }
  /** Like `become`, but records the former state for a rollback. Returns whether anything changed. */
  const turn = async (name: string, wanted: (managed: ManagedAgent<One>) => Partial<Former>): Promise<boolean> =>
    change(name, async managed => {
      const [before, after] = [stateOf(managed), { ...stateOf(managed), ...wanted(managed) }]
      if (before.running === after.running && before.size === after.size) return false
      formers.set(name, before)
      await become(managed, after)
      return true
    })
  return {
    list: async () => [...managedAgents.values()].map(toldOf),
    start: async name => ((await turn(name, () => ({ running: true }))) ? 'started' : 'unchanged'),
    stop: async name => ((await turn(name, () => ({ running: false }))) ? 'stopped' : 'unchanged'),
    restart: async name =>
      change(name, async managed => {
        if (managed.worker === undefined) return 'unchanged'
        await end(managed)
        await begin(managed)
        return 'restarted'
      }),
    scale: async (name, size) => {
      if (size !== undefined) assertSize(size, 'lanes')
      return (await turn(name, ({ agent }) => ({ size: size ?? agent.concurrency }))) ? 'scaled' : 'unchanged'
    },
    former: async name => change(name, async () => formers.get(name)),
    rollback: async name =>
      change(name, async managed => {
        const wanted = formers.get(name)
        if (wanted === undefined) return 'unchanged'
        formers.delete(name)
        await become(managed, wanted)
        return 'rolled back'
      }),
    async [Symbol.asyncDispose]() {
      await last
      await Promise.all([...managedAgents.values()].map(end))
    },
  }
}
