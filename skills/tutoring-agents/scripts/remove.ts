import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName } from '../name.ts'

const remove = defineScript({
  about: 'Takes one agent out of the platform, also for later starts. Its events wait; `deploy` is the undo.',
  effect: 'changes',
  needs: ['platform', 'agents'],
  input: z.object({ name: agentName }),
  output: z.object({ name: z.string(), running: z.boolean() }),
  async run({ name }, { agents, dryRun }) {
    const before = agents.list().find(agent => agent.name === name)
    if (dryRun && before !== undefined)
      return {
        changed: Number(before.running),
        summary: `remove ${name}`,
        data: { name, running: before.running },
        plan: before.running ? [`finish ${before.busy} items of ${name}, then stop it`] : [],
      }
    const changed = (await agents.stop(name)) === 'stopped' ? 1 : 0
    return { changed, summary: `${name} removed; its events wait`, data: { name, running: false } }
  },
})
export default remove
if (import.meta.main) await runAsMain(import.meta, remove)
