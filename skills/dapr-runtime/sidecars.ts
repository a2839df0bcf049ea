import { PlatformError } from '../../platform/errors.ts'
import type { Topology } from '../../platform/targets/local/layout.ts'
import { demandTopology } from '../../platform/targets/local/topology.ts'

/**
 * The topology of a platform whose processes have sidecars. @throws NOT_RUNNING when there is none or it runs without
 * sidecars.
 */
export async function topologyWithSidecars(folder: string): Promise<Topology> {
  const topology = await demandTopology(folder)
  if (topology.engine === 'dapr') return topology
  throw new PlatformError('NOT_RUNNING', `the platform on ${folder} does without Dapr`, {
    hint: 'learnflow down, then LEARNFLOW_DRIVERS=dapr learnflow up --target local',
  })
}
