import * as z from 'zod'
import { idleAmong, stopAll } from '../../../platform/local/deploy.ts'
import { processNames } from '../../../platform/local/place.ts'
import { kindOf } from '../../../platform/local/roster.ts'
import { localSupervisor } from '../../local-engine.ts'
import { defineScript, runAsMain } from '../../script.ts'

const remove = defineScript({
  about: 'Stops the Dapr sidecars; events wait in Kafka meanwhile. `deploy` is the undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ stopped: z.array(z.string()) }),
  async run(_input, { config, dryRun }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const supervisor = localSupervisor(folder)
    const sidecars = (await processNames(folder)).filter(name => kindOf(name) === 'sidecar')
    const idle = await idleAmong(sidecars, supervisor)
    const up = sidecars.filter(name => !idle.includes(name))
    if (!dryRun) await stopAll(up, supervisor)
    const summary = `sidecars ${dryRun ? 'to stop' : 'stopped'}: ${up.length}`
    return { changed: up.length, summary, data: { stopped: dryRun ? [] : up }, plan: up.map(name => `stop ${name}`) }
  },
})
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
