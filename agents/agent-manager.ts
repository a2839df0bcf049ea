import {
  type AgentSettings,
  type Former,
  readAgentSettings,
  writeAgentSettings,
} from '../platform/targets/agent-settings.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Agents, AgentState } from '../platform/ports/agent-control.ts'
import type { AgentName } from '../schemas/words.ts'
import type { AgentDefinition } from './agent.ts'
import type { Worker } from './worker.ts'

/** The workers of this platform under an operator's hand. Disposing drains all of them. */
export type Crew = Agents & AsyncDisposable

interface Member {
  agent: AgentDefinition
  lanes: number
  worker: Worker | undefined
}

const stateOf = ({ lanes: size, worker }: Member): Former => ({ running: worker !== undefined, size })

const toldOf = ({ agent, lanes: size, worker }: Member): AgentState => {
  const running = worker !== undefined
  return {
    name: agent.name,
    running,
    unit: 'lanes',
    size,
    usual: agent.concurrency,
    up: Number(running),
    busy: worker?.busy() ?? 0,
  }
}

function settingsOf(members: readonly Member[]): Pick<AgentSettings, 'stopped' | 'lanes'> {
  const scaled = members.filter(({ lanes, agent }) => lanes !== agent.concurrency)
  return {
    stopped: members.filter(({ worker }) => worker === undefined).map(({ agent }) => agent.name),
    lanes: Object.fromEntries(scaled.map(({ lanes, agent }) => [agent.name, lanes])),
  }
}

/**
 * Starts a worker for every agent that is not stopped in the settings of the data folder. `deployed` is kept to the names of those that run.
 * @throws DATA_FOLDER_UNUSABLE when the settings cannot be read.
 */
export async function startCrew(
  folder: string,
  agents: readonly AgentDefinition[],
  deployed: AgentName[],
  launch: (agent: AgentDefinition) => Promise<Worker>,
): Promise<Crew> {
  const { stopped, lanes, processes, former } = await readAgentSettings(folder)
  const formers = new Map(Object.entries(former))
  const members = new Map<string, Member>(
    agents.map(agent => [agent.name, { agent, lanes: lanes[agent.name] ?? agent.concurrency, worker: undefined }]),
  )
  const note = (): void =>
    void deployed.splice(
      0,
      deployed.length,
      ...[...members.values()].filter(({ worker }) => worker !== undefined).map(({ agent }) => agent.name),
    )
  const begin = async (member: Member): Promise<void> => {
    member.worker = await launch({ ...member.agent, concurrency: member.lanes })
    note()
  }
  const end = async (member: Member): Promise<void> => {
    const { worker } = member
    member.worker = undefined
    note()
    await worker?.[Symbol.asyncDispose]()
  }
  const save = async (): Promise<void> =>
    writeAgentSettings(folder, { ...settingsOf([...members.values()]), processes, former: Object.fromEntries(formers) })
  for (const member of members.values()) if (!stopped.includes(member.agent.name)) await begin(member)
  note()

  let last: Promise<unknown> = Promise.resolve()
  /** One change at a time: two could start two workers of one agent. */
  const change = async <T>(name: string, work: (member: Member) => Promise<T>): Promise<T> => {
    const member = members.get(name)
    if (member === undefined)
      throw new PlatformError('AGENT_ABSENT', `the agent ${name.slice(0, 40)} is not built here`, {
        hint: `There are: ${[...members.keys()].join(', ')}.`,
      })
    const done = last.then(async () => work(member))
    last = done.catch(() => {})
    return done
  }
  /** Brings a member to a state; what it has in hand is finished before. */
  const become = async (member: Member, { running, size }: Former): Promise<void> => {
    if (member.worker !== undefined && (!running || size !== member.lanes)) await end(member)
    member.lanes = size
    if (running && member.worker === undefined) await begin(member)
    await save()
  }
  /** As `become`, with the way back noted. Says whether anything was to do. */
  const turn = async (name: string, wanted: (member: Member) => Partial<Former>): Promise<boolean> =>
    change(name, async member => {
      const [before, after] = [stateOf(member), { ...stateOf(member), ...wanted(member) }]
      if (before.running === after.running && before.size === after.size) return false
      formers.set(name, before)
      await become(member, after)
      return true
    })
  return {
    list: async () => [...members.values()].map(toldOf),
    start: async name => ((await turn(name, () => ({ running: true }))) ? 'started' : 'unchanged'),
    stop: async name => ((await turn(name, () => ({ running: false }))) ? 'stopped' : 'unchanged'),
    restart: async name =>
      change(name, async member => {
        if (member.worker === undefined) return 'unchanged'
        await end(member)
        await begin(member)
        return 'restarted'
      }),
    scale: async (name, size) =>
      (await turn(name, ({ agent }) => ({ size: size ?? agent.concurrency }))) ? 'scaled' : 'unchanged',
    former: async name => change(name, async () => formers.get(name)),
    rollback: async name =>
      change(name, async member => {
        const wanted = formers.get(name)
        if (wanted === undefined) return 'unchanged'
        formers.delete(name)
        await become(member, wanted)
        return 'rolled back'
      }),
    async [Symbol.asyncDispose]() {
      await last
      await Promise.all([...members.values()].map(end))
    },
  }
}
