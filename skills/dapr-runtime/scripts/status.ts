import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { PlatformError } from '../../../platform/errors.ts'
import { smokeTestSidecars } from '../../../platform/targets/local/sidecar-smoke-test.ts'
import { sidecarName } from '../../../platform/targets/local/instances.ts'
import { localSupervisor } from '../../../platform/targets/local/home.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { topologyWithSidecars } from '../sidecars.ts'

const status = defineScript({
  about: 'Says whether every Dapr sidecar runs, and has them keep state, publish and call. Fails when one does not.',
  effect: 'reads',
  needs: ['folder'],
  input: z.object({}),
  output: z.object({
    sidecars: z.array(z.object({ name: z.string(), pid: z.number().int(), restarts: z.number().int() })),
    proof: z.string(),
  }),
  async run(_input, { config }) {
    const folder = config.LEARNFLOW_DATA_DIR
    const topology = await topologyWithSidecars(folder)
    const supervisor = localSupervisor(folder)
    const states = await Promise.all(topology.members.map(async instance => supervisor.status(sidecarName(instance))))
    const bad = states.filter(state => state.status !== 'running')
    if (bad.length === states.length)
      throw new PlatformError('NOT_RUNNING', 'no sidecar runs', { hint: 'learnflow up --target local' })
    if (bad.length > 0)
      throw new PlatformError(
        'CHECK_FAILED',
        bad.map(state => `${state.name} is ${state.status}, ${counted(state.restarts, 'restart')}`).join('; '),
        {
          hint: `learnflow logs --process ${bad[0]?.name ?? ''}; learnflow dapr-runtime deploy`,
        },
      )
    const proof = await smokeTestSidecars(topology)
    const restarts = states.reduce((sum, state) => sum + state.restarts, 0)
    return {
      summary: `${counted(states.length, 'sidecar')}, ${counted(restarts, 'restart')}: ${proof}`,
      data: { sidecars: states.map(({ name, pid = 0, restarts: count }) => ({ name, pid, restarts: count })), proof },
    }
  },
})
export default status
if (import.meta.main) await runAsMain(import.meta, status)
