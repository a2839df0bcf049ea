import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { deployEngine, idleAmong, stopAll } from '../../../platform/targets/local/deploy.ts'
import { sidecarName, sidecarOf } from '../../../platform/targets/local/instances.ts'
import { damagedResources } from '../../../platform/targets/local/resources.ts'
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
    const [idle, damaged] = [
      await idleAmong(topology.members.map(sidecarName), supervisor),
      await damagedResources(folder),
    ]
    // A sidecar reads its files when it starts, so one that runs may lack what was damaged.
    const again = damaged.length === 0 ? [] : engines.filter(({ name }) => !idle.includes(name))
    const words = dryRun ? ['to start', 'to restart'] : ['started', 'restarted with the files that were damaged']
    const restarts = again.length === 0 ? '' : `, ${again.length} ${words[1]}`
    const summary = `${counted(topology.members.length, 'sidecar')}, ${idle.length} ${words[0]}${restarts}`
    if (!dryRun) {
      for (const engine of again) {
        await stopAll([engine.name], supervisor)
        await deployEngine(engine, supervisor)
      }
      await Promise.all(engines.map(async engine => deployEngine(engine, supervisor)))
    }
    return {
      changed: idle.length + again.length,
      summary,
      data: { started: dryRun ? [] : [...idle, ...again.map(({ name }) => name)] },
      plan: [...idle.map(name => `start ${name}`), ...again.map(({ name }) => `restart ${name}`)],
    }
  },
})
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
