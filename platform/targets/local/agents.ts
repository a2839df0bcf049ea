import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import { PlatformError } from '../../errors.ts'
import { untilHeld } from '../../log/group-members.ts'
import { takeLock } from '../../owner/lock.ts'
import type { AgentControl, AgentState } from '../../ports/agent-control.ts'
import type { EventLog } from '../../ports/event-log.ts'
import {
  type AgentSettings,
  assertSize,
  type Former,
  readAgentSettings,
  writeAgentSettings,
} from '../agent-settings.ts'
import { healthOf, pollUntil } from '../running.ts'
import { type Home, homeOf } from './home.ts'
import { apiUrls, withInstance } from './instances.ts'
import { type Instance, type InstanceRole, instanceRoles, localPaths, type Topology } from './layout.ts'
import { namesOf, startInstance } from './members.ts'
import { demandTopology, updateTopology } from './topology.ts'

const drainMs = 45_000
const readyMs = 60_000
/** In ms: how long a command waits for another one that changes the agents. */
const turnMs = 120_000
const turnPollMs = 100
const defaultSize = 1
const roles: readonly InstanceRole[] = instanceRoles.filter(role => role !== 'api')

interface Deps {
  config: Config
  log: Pick<EventLog, 'members'>
  progress(line: string): void
  signal: AbortSignal
  /** The file of the `learnflow` command. */
  entry: string
}

/** The agents of the `local` target: each consists of processes that share the partitions of its consumer group. */
export function localAgents({ config, log, progress, signal, entry }: Deps): AgentControl {
  const folder = config.LEARNFLOW_DATA_DIR
  const home = async (): Promise<Home> => homeOf(folder, await demandTopology(folder), entry)
  const stop = async (instance: Instance, { topology, supervisor }: Home): Promise<void> => {
    progress(`${instance.name} finishes what it has in hand`)
    for (const name of namesOf(instance, topology)) await supervisor.stop(name, drainMs)
  }

  /** Brings an agent to this number of processes and waits until they work. Returns how many it started or stopped. */
  const resize = async (role: InstanceRole, size: number): Promise<number> => {
    const grown = homeOf(
      folder,
      await updateTopology(folder, async topology => withInstances(topology, role, size)),
      entry,
    )
    const own = instancesOf(grown.topology, role)
    const surplus = own.slice(size)
    await Promise.all(surplus.map(async instance => stop(instance, grown)))
    if (surplus.length > 0) await updateTopology(folder, topology => without(topology, surplus))
    const started = await Promise.all(own.slice(0, size).map(async instance => startInstance(instance, grown)))
    await untilHeld(log, role, size, signal)
    return surplus.length + started.filter(names => names.length > 0).length
  }

  const works = async (instance: Instance): Promise<void> => {
    const { topology } = await home()
    if (instance.role !== 'api')
      return untilHeld(log, instance.role, instancesOf(topology, instance.role).length, signal)
    const [url = ''] = apiUrls(config, { ...topology, members: [instance] })
    if (await pollUntil(async () => (await healthOf(url))?.status === 'ready', readyMs, signal)) return
    throw new PlatformError('CHECK_FAILED', `${instance.name} is not ready after ${readyMs / 1_000} s`, {
      hint: `learnflow logs --process ${instance.name}`,
    })
  }

  const stateOf = async (role: InstanceRole): Promise<Former> => {
    const [size, { processes }] = [instancesOf((await home()).topology, role).length, await readAgentSettings(folder)]
    return { running: size > 0, size: size > 0 ? size : (processes[role] ?? defaultSize) }
  }
  const become = async (role: InstanceRole, { running, size }: Former): Promise<number> => {
    await note(folder, settings => ({ ...settings, processes: { ...settings.processes, [role]: size } }))
    return resize(role, running ? size : 0)
  }
  /** Like `become`, but first records the former state, so that a failed change can be undone. True if it changed. */
  const turn = async (name: string, wanted: Partial<Former>): Promise<boolean> => {
    const role = roleOf(name)
    using _alone = await takeTurn(folder, { progress, signal })
    const before = await stateOf(role)
    const after = { ...before, ...wanted }
    const differs = before.running !== after.running || before.size !== after.size
    if (differs) await note(folder, settings => ({ ...settings, former: { ...settings.former, [role]: before } }))
    return (await become(role, after)) > 0 || differs
  }

  return {
    list: async () => {
      const { topology, supervisor } = await home()
      return Promise.all(
        roles.map(async (role): Promise<AgentState> => {
          const states = await Promise.all(instancesOf(topology, role).map(async ({ name }) => supervisor.status(name)))
          const up = states.filter(({ status }) => status === 'running').length
          return { name: role, unit: 'processes', defaultSize, up, ...(await stateOf(role)) }
        }),
      )
    },
    start: async name => ((await turn(name, { running: true })) ? 'started' : 'unchanged'),
    stop: async name => ((await turn(name, { running: false })) ? 'stopped' : 'unchanged'),
    scale: async (name, size = defaultSize) => {
      assertSize(size, 'processes')
      return (await turn(name, { size })) ? 'scaled' : 'unchanged'
    },
    restart: async name => {
      using _alone = await takeTurn(folder, { progress, signal })
      const at = await home()
      const own = instancesOf(at.topology, name === 'api' ? 'api' : roleOf(name))
      for (const instance of own) {
        await stop(instance, at)
        await startInstance(instance, at)
        await works(instance)
        progress(`${instance.name} works again`)
      }
      return own.length > 0 ? 'restarted' : 'unchanged'
    },
    former: async name => (await readAgentSettings(folder)).former[roleOf(name)],
    rollback: async name => {
      const role = roleOf(name)
      using _alone = await takeTurn(folder, { progress, signal })
      const wanted = (await readAgentSettings(folder)).former[role]
      if (wanted === undefined) return 'unchanged'
      await become(role, wanted)
      await note(folder, ({ former: { [role]: _used, ...former }, ...settings }) => ({ ...settings, former }))
      return 'rolled back'
    },
  }
}

function roleOf(name: string): InstanceRole {
  const role = roles.find(one => one === name)
  if (role !== undefined) return role
  throw new PlatformError('AGENT_ABSENT', `the agent ${name.slice(0, 40)} is not built here`, {
    hint: `There are: ${roles.join(', ')}.`,
  })
}

/** The processes of a role, those started first before the others. */
const instancesOf = ({ members: instances }: Topology, role: InstanceRole): Instance[] =>
  instances
    .filter(instance => instance.role === role)
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))

async function withInstances(topology: Topology, role: InstanceRole, size: number): Promise<Topology> {
  return instancesOf(topology, role).length >= size
    ? topology
    : withInstances(await withInstance(topology, role), role, size)
}

const without = (topology: Topology, gone: readonly Instance[]): Topology => ({
  ...topology,
  members: topology.members.filter(({ name }) => !gone.some(instance => instance.name === name)),
})

/** Settings are changed one at a time, under the lock of the topology. */
async function note(folder: string, change: (settings: AgentSettings) => AgentSettings): Promise<void> {
  await updateTopology(folder, async topology => {
    await writeAgentSettings(folder, change(await readAgentSettings(folder)))
    return topology
  })
}

/**
 * Two changes of agents at once would stop what the other starts, so a change waits until the one before it has ended.
 * @throws DATA_FOLDER_IN_USE when that takes longer than two minutes.
 */
async function takeTurn(folder: string, { progress, signal }: Pick<Deps, 'progress' | 'signal'>): Promise<Disposable> {
  const path = join(localPaths(folder).processes, 'agents.lock')
  const first = takeLock(path, 0)
  if (first !== undefined) return first
  progress('waits for another command that changes the agents')
  for (const end = performance.now() + turnMs; performance.now() < end;) {
    await sleep(turnPollMs, undefined, { signal })
    const lock = takeLock(path, 0)
    if (lock !== undefined) return lock
  }
  throw new PlatformError('DATA_FOLDER_IN_USE', 'another command changes the agents', {
    hint: 'Try again when it has ended.',
  })
}
