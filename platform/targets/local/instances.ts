import { join } from 'node:path'
import { agentNames } from '../../../schemas/words.ts'
import type { Config } from '../../config.ts'
import { daprdEngine } from '../../engines/daprd.ts'
import type { Engine } from '../../engines/engine.ts'
import { freePorts } from '../../engines/ports.ts'
import { PlatformError } from '../../errors.ts'
import {
  addressesOf,
  type Topology,
  localPaths,
  type Instance,
  type InstanceRole,
  instanceRoles,
  withTopology,
  namedPorts,
} from './layout.ts'
import { resourceFolders, writeResources } from './resources.ts'

/** The processes that a new platform starts with. */
const firstRoles: readonly InstanceRole[] = ['api', 'api', ...agentNames]

/**
 * The topology with the platform's first processes. Those of the API listen on `apiPort` and the next one; 0 takes free
 * ports.
 */
export async function withFirstInstances(topology: Topology, apiPort: number): Promise<Topology> {
  const moved = withApiPorts({ ...topology, members: await instancesFor(topology, firstRoles) }, apiPort)
  demandOwnPorts(moved)
  return moved
}

async function instancesFor(topology: Topology, roles: readonly InstanceRole[]): Promise<Instance[]> {
  let all = topology
  for (const role of roles) all = await withInstance(all, role)
  return all.members
}

/** The topology with one more process of a role, under the lowest free number. */
export async function withInstance(topology: Topology, role: InstanceRole): Promise<Topology> {
  const names = new Set(topology.members.map(member => member.name))
  const number = Array.from({ length: names.size + 1 }, (_, at) => at + 1).find(nr => !names.has(`${role}-${nr}`)) ?? 1
  const [app = 0, http = 0, grpc = 0, internal = 0, metrics = 0, port = 0] = await portsFor(
    topology,
    role === 'api' ? 6 : 5,
  )
  const member: Instance = {
    name: `${role}-${number}`,
    role,
    ...(role === 'api' ? { port } : {}),
    sidecar: { app, http, grpc, internal, metrics },
  }
  return { ...topology, members: [...topology.members, member] }
}

/**
 * The topology whose API processes listen on `first` and the following ports; 0 leaves them as they are. @throws
 * PORT_IN_USE when another process of the platform has such a port.
 */
export function withApiPorts(topology: Topology, first: number): Topology {
  if (first === 0) return topology
  let next = first
  const moved = {
    ...topology,
    members: topology.members.map(member => (member.role === 'api' ? { ...member, port: next++ } : member)),
  }
  demandOwnPorts(moved)
  return moved
}

function demandOwnPorts(topology: Topology): void {
  const owners = new Map<number, string>()
  for (const [name, port] of namedPorts(topology)) {
    const other = owners.get(port)
    if (other !== undefined)
      throw new PlatformError('PORT_IN_USE', `port ${port} is for ${other} and for ${name}`, {
        hint: 'Set another --port or LEARNFLOW_LOCAL_PORTS.',
      })
    owners.set(port, name)
  }
}

/** Ports that nothing else in the topology has: the lowest after its first one, or free ones of the system. */
async function portsFor(topology: Topology, count: number): Promise<number[]> {
  const taken = new Set(namedPorts(topology).map(([, port]) => port))
  const candidateCount = count + taken.size
  const candidates =
    topology.first_port === 0
      ? await freePorts(candidateCount)
      : Array.from({ length: candidateCount }, (_, at) => topology.first_port + at)
  return candidates.filter(port => !taken.has(port)).slice(0, count)
}

/** @throws NOT_FOUND with the existing names. */
export function instanceOf({ members }: Topology, name: string): Instance {
  const member = members.find(one => one.name === name)
  if (member !== undefined) return member
  const hint = `There are: ${members.map(one => one.name).join(', ')}.`
  throw new PlatformError('NOT_FOUND', `no process of this platform is called ${name.slice(0, 40)}`, { hint })
}

/** The `learnflow` command that runs this process. */
export const commandOf = ({ name, role }: Instance, folder: string): string[] => [
  ...(role === 'api' ? ['api'] : ['worker', role]),
  '--as',
  name,
  '--data',
  folder,
]

/** The settings of this process. */
export function instanceConfig(config: Config, topology: Topology, name: string): Config {
  const { port = config.LEARNFLOW_HTTP_PORT, sidecar } = instanceOf(topology, name)
  return {
    ...withTopology(config, topology),
    LEARNFLOW_DRIVERS: topology.engine,
    LEARNFLOW_HTTP_PORT: port,
    LEARNFLOW_DAPR_HTTP_PORT: sidecar.http,
    LEARNFLOW_DAPR_APP_PORT: sidecar.app,
  }
}

/** The addresses of the API, one per process. */
export const apiUrls = ({ LEARNFLOW_HTTP_HOST: host }: Config, { members }: Topology): string[] =>
  members.flatMap(({ port }) =>
    port === undefined ? [] : [`http://${host.includes(':') ? `[${host}]` : host}:${port}`],
  )

const sidecarPrefix = 'daprd-'
export const sidecarName = ({ name }: Instance): string => `${sidecarPrefix}${name}`

/**
 * The daprd of this process. Those of one role share an app id: they form one consumer group, and a call reaches any of
 * them. @throws NOT_RUNNING when daprd is not installed.
 */
export async function sidecarOf(member: Instance, folder: string, { kafka, redis }: Topology): Promise<Engine> {
  const home = localPaths(folder).sidecars
  const { app, ...ports } = member.sidecar
  const engine = await daprdEngine({
    folder: home,
    name: sidecarName(member),
    appId: member.role,
    appPort: app,
    ports,
    resources: await resourceFolders(folder),
    names: join(home, 'names.db'),
    kafka: addressesOf(kafka),
    redis: addressesOf(redis),
  })
  return {
    ...engine,
    async prepare() {
      await writeResources(folder)
      await engine.prepare()
    },
  }
}

/** Kinds of processes in the order in which they are stopped: callers before the processes they call. */
export const stopOrder = ['api', 'agent', 'sidecar', 'engine'] as const

/** The kind of process with this name, in a folder of the `local` target. */
export function processKindOf(name: string): (typeof stopOrder)[number] {
  if (name.startsWith(sidecarPrefix)) return 'sidecar'
  const role = instanceRoles.find(one => name === one || name.startsWith(`${one}-`))
  return role === undefined ? 'engine' : role === 'api' ? 'api' : 'agent'
}
