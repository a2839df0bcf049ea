import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName } from '../name.ts'

const deploy = defineScript({
  about: 'Starts an agent that was removed; it goes on with the events that waited. `remove` is the undo.',
  effect: 'changes',
  needs: ['platform', 'agents'],
  input: z.object({ name: agentName }),
  output: z.object({ name: z.string(), running: z.boolean() }),
  async run({ name }, { agents, dryRun }) {
    const before = agents.list().find(agent => agent.name === name)
    if (dryRun && before !== undefined)
      return {
        changed: Number(!before.running),
        summary: `deploy ${name}`,
        data: { name, running: before.running },
        plan: before.running ? [] : [`start ${name}`],
      }
    const changed = (await agents.start(name)) === 'started' ? 1 : 0
    return { changed, summary: `${name} deployed`, data: { name, running: true } }
  },
})
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
