import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName } from '../name.ts'

const scale = defineScript({
  about: 'Sets for how many students an agent works at once; without --lanes the usual number, which is the undo.',
  effect: 'changes',
  needs: ['platform', 'agents'],
  input: z.object({ name: agentName, lanes: z.number().int().min(1).max(256).optional().describe('students at once, 1-256') }),
  output: z.object({ name: z.string(), before: z.number().int(), lanes: z.number().int() }),
  async run({ name, lanes }, { agents, config, dryRun }) {
    const before = agents.list().find(agent => agent.name === name)
    const wanted = lanes ?? before?.usual_lanes ?? 1
    // A dry run asks for what is there: it changes nothing, and an agent that is not built is refused.
    const scaled = await agents.scale(name, dryRun ? before?.lanes : lanes)
    const changed = dryRun ? Number(before?.lanes !== wanted) : Number(scaled === 'scaled')
    const note = name === 'exercise' ? `; ${config.LEARNFLOW_SANDBOX_PROCESSES} interpreters share the work` : ''
    return {
      changed,
      summary: `${name} works on ${wanted} lanes at once, before ${before?.lanes ?? 0}${note}`,
      data: { name, before: before?.lanes ?? 0, lanes: wanted },
      plan: changed === 0 ? [] : [`finish what ${name} has in hand, then work on ${wanted} lanes`],
    }
  },
})
export default scale
if (import.meta.main) await runAsMain(import.meta, scale)
