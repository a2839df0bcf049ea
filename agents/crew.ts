import { readAgentSettings, writeAgentSettings } from '../platform/agent-settings.ts'
import { PlatformError } from '../platform/errors.ts'
import type { Agents } from '../platform/ports/agents.ts'
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
  const { stopped, lanes } = await readAgentSettings(folder)
  const members = new Map<string, Member>(agents.map(agent => [agent.name, { agent, lanes: lanes[agent.name] ?? agent.concurrency, worker: undefined }]))
  const note = (): void =>
    void deployed.splice(0, deployed.length, ...[...members.values()].filter(({ worker }) => worker !== undefined).map(({ agent }) => agent.name))
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
  const save = async (): Promise<void> => {
    const all = [...members.values()]
    const scaled = all.filter(member => member.lanes !== member.agent.concurrency)
    await writeAgentSettings(folder, {
      stopped: all.filter(({ worker }) => worker === undefined).map(({ agent }) => agent.name),
      lanes: Object.fromEntries(scaled.map(member => [member.agent.name, member.lanes])),
    })
  }
  for (const member of members.values()) if (!stopped.includes(member.agent.name)) await begin(member)
  note()

  let last: Promise<unknown> = Promise.resolve()
  /** One change at a time: two could start two workers of one agent. */
  const change = async <T>(name: string, work: (member: Member) => Promise<T>): Promise<T> => {
    const member = members.get(name)
    if (member === undefined)
      throw new PlatformError('AGENT_ABSENT', `the agent ${name.slice(0, 40)} is not built here`, { hint: `There are: ${[...members.keys()].join(', ')}.` })
    const turn = last.then(async () => work(member))
    last = turn.catch(() => {})
    return turn
  }
  return {
    list: () =>
      [...members.values()].map(({ agent, lanes, worker }) => ({
        name: agent.name,
        running: worker !== undefined,
        lanes,
        usual_lanes: agent.concurrency,
        busy: worker?.busy() ?? 0,
      })),
    start: async name =>
      change(name, async member => {
        if (member.worker !== undefined) return 'unchanged'
        await begin(member)
        await save()
        return 'started'
      }),
    stop: async name =>
      change(name, async member => {
        if (member.worker === undefined) return 'unchanged'
        await end(member)
        await save()
        return 'stopped'
      }),
    restart: async name =>
      change(name, async member => {
        if (member.worker === undefined) return 'unchanged'
        await end(member)
        await begin(member)
        return 'restarted'
      }),
    scale: async (name, wanted) =>
      change(name, async member => {
        const lanes = wanted ?? member.agent.concurrency
        if (lanes === member.lanes) return 'unchanged'
        member.lanes = lanes
        if (member.worker !== undefined) {
          await end(member)
          await begin(member)
        }
        await save()
        return 'scaled'
      }),
    async [Symbol.asyncDispose]() {
      await last
      await Promise.all([...members.values()].map(end))
    },
  }
}
