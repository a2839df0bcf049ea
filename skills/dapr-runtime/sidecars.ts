import { PlatformError } from '../../platform/errors.ts'
import type { Topology } from '../../platform/targets/local/layout.ts'
import { readTopology } from '../../platform/targets/local/topology.ts'
import { noTopology } from '../local-engine.ts'

/** The place of a platform whose processes have sidecars. @throws NOT_RUNNING when it does without or there is none. */
export async function topologyWithSidecars(folder: string): Promise<Topology> {
  const topology = await readTopology(folder)
  if (topology === undefined) throw noTopology(folder)
  if (topology.engine === 'dapr') return topology
  throw new PlatformError('NOT_RUNNING', `the platform on ${folder} does without Dapr`, {
    hint: 'learnflow down, then LEARNFLOW_DRIVERS=dapr learnflow up --target local',
  })
}
