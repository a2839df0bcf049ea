import * as z from 'zod'
import { deployEngine, idleAmong } from '../../../platform/targets/local/deploy.ts'
import { sidecarName, sidecarOf } from '../../../platform/targets/local/instances.ts'
import { localSupervisor } from '../../../platform/targets/local/home.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { topologyWithSidecars } from '../sidecars.ts'

const deploy = defineScript({
  about:
    'Starts the Dapr sidecars that do not run, supervised, and waits until their components work. `remove` ' +
    'is the undo.',
  effect: 'changes',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({ started: z.array(z.string()) }),
  async run(_input, { config, dryRun }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const topology = await topologyWithSidecars(folder)
    const supervisor = localSupervisor(folder)
    const engines = await Promise.all(topology.members.map(async instance => sidecarOf(instance, folder, topology)))
    const idle = await idleAmong(topology.members.map(sidecarName), supervisor)
    const summary = `${topology.members.length} sidecars, ${idle.length} ${dryRun ? 'to start' : 'started'}`
    if (!dryRun) await Promise.all(engines.map(async engine => deployEngine(engine, supervisor)))
    return {
      changed: idle.length,
      summary,
      data: { started: dryRun ? [] : idle },
      plan: idle.map(name => `start ${name}`),
    }
  },
})
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
