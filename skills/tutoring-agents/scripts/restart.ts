import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName } from '../name.ts'

const restart = defineScript({
  about: 'Starts one agent of the running platform anew, once what it has in hand is finished.',
  effect: 'changes',
  needs: ['platform', 'agents'],
  input: z.object({ name: agentName }),
  output: z.object({ name: z.string(), drained: z.number().int() }),
  async run({ name }, { agents, dryRun }) {
    const found = agents.list().find(agent => agent.name === name)
    if (dryRun && found !== undefined)
      return {
        changed: found.running ? 1 : 0,
        summary: `restart ${name}`,
        data: { name, drained: 0 },
        plan: [`finish ${found.busy} items of ${name}, then start it`],
      }
    const drained = found?.busy ?? 0
    if ((await agents.restart(name)) === 'unchanged')
      throw new PlatformError('AGENT_ABSENT', `the agent ${name} is removed`, { hint: `learnflow tutoring-agents deploy ${name}` })
    return { changed: 1, summary: `${name} restarted, ${drained} items finished before`, data: { name, drained } }
  },
})
export default restart
if (import.meta.main) await runAsMain(import.meta, restart)
