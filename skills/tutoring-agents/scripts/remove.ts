import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { heldBy } from '../../../platform/log/group-members.ts'
import { agentName, agentOf, sized } from '../name.ts'
import { counted } from '../../../schemas/counted.ts'

const remove = defineScript({
  about: 'Takes one agent out of the platform, also for later starts. Its events wait; `deploy` is the undo.',
  effect: 'changes',
  needs: ['platform', 'agents', 'log'],
  input: z.object({ name: agentName }),
  output: z.object({ name: z.string(), running: z.boolean(), members: z.number().int() }),
  async run({ name }, { agents, log, dryRun }) {
    const { running, unit, size, busy } = await agentOf(agents, name)
    if (dryRun) {
      const inHand =
        busy === undefined ? `what ${sized(size, unit)} of ${name} have in hand` : `${busy} items of ${name}`
      const plan = running ? [`finish ${inHand}, then stop it`] : []
      return {
        changed: Number(running),
        summary: `remove ${name}`,
        data: { name, running, members: (await heldBy(log, name)).length },
        plan,
      }
    }
    const changed = Number((await agents.stop(name)) === 'stopped')
    const members = (await heldBy(log, name)).length
    return {
      changed,
      summary: `${name} removed, its group has ${counted(members, 'member')}; its events wait`,
      data: { name, running: false, members },
    }
  },
})
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
