import { PlatformError } from '../../platform/errors.ts'
import type { LocalPlace } from '../../platform/targets/local/layout.ts'
import { readPlace } from '../../platform/targets/local/topology.ts'
import { noPlace } from '../local-engine.ts'

/** The place of a platform whose processes have sidecars. @throws NOT_RUNNING when it does without or there is none. */
export async function placeWithSidecars(folder: string): Promise<LocalPlace> {
  const place = await readPlace(folder)
  if (place === undefined) throw noPlace(folder)
  if (place.engine === 'dapr') return place
  throw new PlatformError('NOT_RUNNING', `the platform on ${folder} does without Dapr`, {
    hint: 'learnflow down, then LEARNFLOW_ENGINE=dapr learnflow up --target local',
  })
}
