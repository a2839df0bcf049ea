import * as z from 'zod'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName, agentOf, sized } from '../name.ts'
import { smokeTestAgent } from '../smoke-test.ts'

const rollback = defineScript({
  about:
    'Brings an agent back to what ran before its last deploy, scale or remove. `scale`, `deploy` and ' +
    '`remove` are the undo.',
  effect: 'changes',
  needs: ['platform', 'agents', 'log'],
  input: z.object({ name: agentName }),
  output: z.object({ name: z.string(), running: z.boolean(), size: z.number().int(), proof: z.string() }),
  async run({ name }, { agents, log, config, dryRun }) {
    const { unit, ...now } = await agentOf(agents, name)
    const former = await agents.former(name)
    const { running, size } = former ?? now
    const shown = running ? sized(size, unit) : 'removed'
    if (former === undefined)
      return { changed: 0, summary: `${name} has nothing to go back to`, data: { name, running, size, proof: '' } }
    const plan = [`bring ${name} back to ${shown}, from ${now.running ? sized(now.size, unit) : 'removed'}`]
    if (dryRun)
      return { changed: 1, summary: `${name}: back to ${shown}`, data: { name, running, size, proof: '' }, plan }
    await agents.rollback(name)
    const proof = await smokeTestAgent(name, { agents, log, config })
    return { changed: 1, summary: `${name} is back to ${shown}; ${proof}`, data: { name, running, size, proof } }
  },
})
export default rollback
if (import.meta.main) await runAsMain(import.meta, rollback)
