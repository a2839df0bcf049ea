import { join } from 'node:path'
import {
  type AgentSettings,
  type Former,
  readAgentSettings,
  writeAgentSettings,
} from '../platform/targets/agent-settings.ts'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import {
  type LocalPlace,
  localWithin,
  type Member,
  type MemberRole,
  memberRoles,
} from '../platform/targets/local/layout.ts'
import { type Home, namesOf, startMember } from '../platform/targets/local/members.ts'
import { changePlace, readPlace } from '../platform/targets/local/topology.ts'
import { apiUrls, withMember } from '../platform/targets/local/instances.ts'
import { takeLock } from '../platform/owner/lock.ts'
import type { Agents, AgentState } from '../platform/ports/agent-control.ts'
import type { EventLog } from '../platform/ports/event-log.ts'
import { learningEvents } from '../schemas/topics.ts'
import { homeOf, noPlace } from './local-engine.ts'
import { healthOf, until } from './platform-up/running.ts'
import { untilHeld } from './tutoring-agents/group.ts'

const drainMs = 45_000
const readyMs = 60_000
const usual = 1
const roles: readonly MemberRole[] = memberRoles.filter(role => role !== 'api')

interface Means {
  config: Config
  log: Pick<EventLog, 'members'>
  progress(line: string): void
  signal: AbortSignal
}

/** @throws INVALID_INPUT for more processes than there are partitions to share. */
function assertPartitionEach(size: number): void {
  const { partitions } = learningEvents
  if (size <= partitions) return
  throw new PlatformError(
    'INVALID_INPUT',
    `${size} processes for ${partitions} partitions: some would have nothing to do`,
    {
      hint: `--processes 1-${partitions}`,
    },
  )
}

/** The agents of the `local` target: each is some processes, which share the partitions of its consumer group. */
export function localAgents({ config, log, progress, signal }: Means): Agents {
  const folder = config.LEARNFLOW_DATA_DIR
  const home = async (): Promise<Home> => homeOf(folder, await placeOf(folder))
  const stop = async (member: Member, { place, supervisor }: Home): Promise<void> => {
    progress(`${member.name} finishes what it has in hand`)
    for (const name of namesOf(member, place)) await supervisor.stop(name, drainMs)
  }

  /** Has so many processes be the agent, and waits until they work. Says how many were started or stopped. */
  const resize = async (role: MemberRole, size: number): Promise<number> => {
    const grown = homeOf(folder, await changePlace(folder, async place => withMembers(place, role, size)))
    const own = membersOf(grown.place, role)
    const surplus = own.slice(size)
    await Promise.all(surplus.map(async member => stop(member, grown)))
    if (surplus.length > 0) await changePlace(folder, place => without(place, surplus))
    const started = await Promise.all(own.slice(0, size).map(async member => startMember(member, grown)))
    await untilHeld(log, role, size, signal)
    return surplus.length + started.filter(names => names.length > 0).length
  }

  const works = async (member: Member): Promise<void> => {
    const { place } = await home()
    if (member.role !== 'api') return untilHeld(log, member.role, membersOf(place, member.role).length, signal)
    const [url = ''] = apiUrls(config, { ...place, members: [member] })
    if (await until(async () => (await healthOf(url))?.status === 'ready', readyMs, signal)) return
    throw new PlatformError('CHECK_FAILED', `${member.name} is not ready after ${readyMs / 1_000} s`, {
      hint: `learnflow logs --process ${member.name}`,
    })
  }

  const stateOf = async (role: MemberRole): Promise<Former> => {
    const [size, { processes }] = [membersOf((await home()).place, role).length, await readAgentSettings(folder)]
    return { running: size > 0, size: size > 0 ? size : (processes[role] ?? usual) }
  }
  const become = async (role: MemberRole, { running, size }: Former): Promise<number> => {
    await note(folder, settings => ({ ...settings, processes: { ...settings.processes, [role]: size } }))
    return resize(role, running ? size : 0)
  }
  /** As `become`, with the way back noted first: also from a change that fails. Says whether anything was to do. */
  const turn = async (name: string, wanted: Partial<Former>): Promise<boolean> => {
    const role = roleOf(name)
    using _alone = takeTurn(folder)
    const before = await stateOf(role)
    const after = { ...before, ...wanted }
    const differs = before.running !== after.running || before.size !== after.size
    if (differs) await note(folder, settings => ({ ...settings, former: { ...settings.former, [role]: before } }))
    return (await become(role, after)) > 0 || differs
  }

  return {
    list: async () => {
      const { place, supervisor } = await home()
      return Promise.all(
        roles.map(async (role): Promise<AgentState> => {
          const states = await Promise.all(membersOf(place, role).map(async ({ name }) => supervisor.status(name)))
          const up = states.filter(({ status }) => status === 'running').length
          return { name: role, unit: 'processes', usual, up, ...(await stateOf(role)) }
        }),
      )
    },
    start: async name => ((await turn(name, { running: true })) ? 'started' : 'unchanged'),
    stop: async name => ((await turn(name, { running: false })) ? 'stopped' : 'unchanged'),
    scale: async (name, size = usual) => {
      assertPartitionEach(size)
      return (await turn(name, { size })) ? 'scaled' : 'unchanged'
    },
    restart: async name => {
      using _alone = takeTurn(folder)
      const at = await home()
      const own = membersOf(at.place, name === 'api' ? 'api' : roleOf(name))
      for (const member of own) {
        await stop(member, at)
        await startMember(member, at)
        await works(member)
        progress(`${member.name} works again`)
      }
      return own.length > 0 ? 'restarted' : 'unchanged'
    },
    former: async name => (await readAgentSettings(folder)).former[roleOf(name)],
    rollback: async name => {
      const role = roleOf(name)
      using _alone = takeTurn(folder)
      const wanted = (await readAgentSettings(folder)).former[role]
      if (wanted === undefined) return 'unchanged'
      await become(role, wanted)
      await note(folder, ({ former: { [role]: _used, ...former }, ...settings }) => ({ ...settings, former }))
      return 'rolled back'
    },
  }
}

async function placeOf(folder: string): Promise<LocalPlace> {
  const place = await readPlace(folder)
  if (place === undefined) throw noPlace(folder)
  return place
}

function roleOf(name: string): MemberRole {
  const role = roles.find(one => one === name)
  if (role !== undefined) return role
  throw new PlatformError('AGENT_ABSENT', `the agent ${name.slice(0, 40)} is not built here`, {
    hint: `There are: ${roles.join(', ')}.`,
  })
}

/** The processes of a role, those started first before the others. */
const membersOf = ({ members }: LocalPlace, role: MemberRole): Member[] =>
  members
    .filter(member => member.role === role)
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))

async function withMembers(place: LocalPlace, role: MemberRole, size: number): Promise<LocalPlace> {
  return membersOf(place, role).length >= size ? place : withMembers(await withMember(place, role), role, size)
}

const without = (place: LocalPlace, gone: readonly Member[]): LocalPlace => ({
  ...place,
  members: place.members.filter(({ name }) => !gone.some(member => member.name === name)),
})

/** Settings are changed one at a time, as the place is. */
async function note(folder: string, change: (settings: AgentSettings) => AgentSettings): Promise<void> {
  await changePlace(folder, async place => {
    await writeAgentSettings(folder, change(await readAgentSettings(folder)))
    return place
  })
}

/** Two changes of agents at once would stop what the other starts. @throws DATA_FOLDER_IN_USE */
function takeTurn(folder: string): Disposable {
  const lock = takeLock(join(localWithin(folder).processes, 'agents.lock'), 0)
  if (lock !== undefined) return lock
  throw new PlatformError('DATA_FOLDER_IN_USE', 'another command changes the agents', {
    hint: 'Try again when it has ended.',
  })
}
