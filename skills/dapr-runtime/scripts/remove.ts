import { processKindOf } from '../../../platform/targets/local/instances.ts'
import { stopScript } from '../../engine-scripts.ts'
import { runAsMain } from '../../script.ts'

const remove = stopScript(
  'Stops the Dapr sidecars; events wait in Kafka meanwhile. `deploy` is the undo.',
  name => processKindOf(name) === 'sidecar',
  (count, dryRun) => `sidecars ${dryRun ? 'to stop' : 'stopped'}: ${count}`,
)
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
