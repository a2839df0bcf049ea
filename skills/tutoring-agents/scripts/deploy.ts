import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName, agentOf, sized } from '../name.ts'
import { smokeTestAgent } from '../smoke-test.ts'

const deploy = defineScript({
  about:
    'Starts an agent that was removed, or what of it does not run, and proves that it works; it goes on with ' +
    'the events that waited. `remove` is the undo.',
  effect: 'changes',
  needs: ['platform', 'agents', 'log'],
  input: z.object({ name: agentName }),
  output: z.object({ name: z.string(), running: z.boolean(), proof: z.string() }),
  async run({ name }, { agents, log, config, dryRun }) {
    const { running, unit, size, up } = await agentOf(agents, name)
    const missing = unit === 'processes' ? size - up : Number(!running)
    if (dryRun) {
      const plan = missing === 0 ? [] : [`start ${name}${unit === 'processes' ? `: ${sized(missing, unit)}` : ''}`]
      return { changed: missing, summary: `deploy ${name}`, data: { name, running, proof: '' }, plan }
    }
    const changed = Number((await agents.start(name)) === 'started')
    const proof = await smokeTestAgent(name, { agents, log, config })
    return { changed, summary: `${name} deployed, ${proof}`, data: { name, running: true, proof } }
  },
})
export default deploy
if (import.meta.main) await runAsMain(import.meta, deploy)
