import type { Supervisor } from '../../ports/supervisor.ts'
import type { Trouble } from '../trouble.ts'
import { otherOrders } from './deploy.ts'
import { sidecarOf } from './instances.ts'
import type { Topology } from './layout.ts'
import { engineAt, localEngines } from './topology.ts'

/** Engines and sidecars that were started with other arguments or settings than this platform gives them. */
export async function orderTroubles(
  folder: string,
  topology: Topology,
  supervisor: Pick<Supervisor, 'order'>,
): Promise<Trouble[]> {
  const skills = { kafka: 'kafka-deploy', redis: 'redis-cluster', postgres: 'postgres' } as const
  const engines = localEngines.map(async name => ({
    skill: skills[name],
    programs: (await engineAt(name, folder, topology)).programs,
  }))
  const sidecars =
    topology.engine === 'dapr'
      ? topology.members.map(async member => ({
          skill: 'dapr-runtime',
          programs: (await sidecarOf(member, folder, topology)).programs,
        }))
      : []
  const looked = await Promise.all(
    [...engines, ...sidecars].map(async wanted => {
      const { skill, programs } = await wanted
      return (await otherOrders(programs, supervisor)).map(({ name, differs }): Trouble => ({
        code: 'CHECK_FAILED',
        cause: `${name} runs with other settings than this platform gives it`,
        evidence: `other: ${differs.join(', ')}`,
        fix: `learnflow ${skill} deploy`,
      }))
    }),
  )
  return looked.flat()
}
