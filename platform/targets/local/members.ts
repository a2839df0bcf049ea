import { checkPorts } from '../../engines/ports.ts'
import { deployEngine, idleAmong } from './deploy.ts'
import type { Home } from './home.ts'
import type { Topology, Instance } from './layout.ts'
import { commandOf, sidecarName, sidecarOf } from './instances.ts'

/** The names of a process and, when the engine is `dapr`, of its sidecar. */
export const namesOf = (member: Instance, { engine }: Topology): string[] => [
  member.name,
  ...(engine === 'dapr' ? [sidecarName(member)] : []),
]

/**
 * Starts a process of the platform together with its sidecar, because each waits for the other. Running ones are left
 * as they are. Returns the names of those started. @throws PORT_IN_USE naming who needs it; NOT_RUNNING without daprd;
 * the supervisor's error for a process that does not stay up.
 */
export async function startInstance(member: Instance, home: Home): Promise<string[]> {
  const { folder, topology, supervisor } = home
  const sidecar = async (): Promise<string[]> => deployEngine(await sidecarOf(member, folder, topology), supervisor)
  const [started, beside] = await Promise.all([startApp(member, home), topology.engine === 'dapr' ? sidecar() : []])
  return [...started, ...beside]
}

async function startApp(member: Instance, { folder, topology, supervisor, entry }: Home): Promise<string[]> {
  const { name, port, sidecar } = member
  if ((await idleAmong([name], supervisor)).length === 0) return []
  await checkPorts({
    ...(port === undefined ? {} : { [name]: port }),
    ...(topology.engine === 'dapr' ? { [`the sidecar of ${name}`]: sidecar.app } : {}),
  })
  await supervisor.start(name, [entry, ...commandOf(member, folder)])
  return [name]
}
