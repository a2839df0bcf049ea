import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { agentName, agentOf, sized } from '../name.ts'
import { smokeTestAgent } from '../smoke-test.ts'

const scale = defineScript({
  about:
    'Sets how many processes an agent is (local), or how many students it serves at once (embedded); without ' +
    'a number the usual. `rollback` is the undo.',
  effect: 'changes',
  needs: ['platform', 'agents', 'log'],
  input: z.object({
    name: agentName,
    lanes: z.number().int().min(1).max(256).optional().describe('students at once, 1-256 (embedded)'),
    processes: z.number().int().min(1).max(12).optional().describe('worker processes, 1-12 (local)'),
  }),
  output: z.object({
    name: z.string(),
    unit: z.enum(['lanes', 'processes']),
    before: z.number().int(),
    size: z.number().int(),
    proof: z.string(),
  }),
  async run({ name, ...sizes }, { agents, log, config, dryRun }) {
    const { unit, size: before, defaultSize, up } = await agentOf(agents, name)
    const other = unit === 'lanes' ? 'processes' : 'lanes'
    if (sizes[other] !== undefined)
      throw new PlatformError('INVALID_INPUT', `on this target an agent is scaled by its ${unit}`, {
        hint: `learnflow tutoring-agents scale ${name} --${unit} N`,
      })
    const size = sizes[unit] ?? defaultSize
    const idle = unit === 'processes' && up > 0 && up < Math.min(before, size)
    if (dryRun) {
      const changed = Number(size !== before || idle)
      const plan =
        changed === 0
          ? []
          : [`${size < before ? 'finish what is in hand, then ' : ''}have ${name} work with ${sized(size, unit)}`]
      return {
        changed,
        summary: `${name} with ${sized(size, unit)}, now ${before}`,
        data: { name, unit, before, size: before, proof: '' },
        plan,
      }
    }
    const changed = Number((await agents.scale(name, size)) === 'scaled')
    const proof = await smokeTestAgent(name, { agents, log, config })
    return {
      changed,
      summary: `${name}: ${sized(size, unit)}, before ${before}; ${proof}`,
      data: { name, unit, before, size, proof },
    }
  },
})
export default scale
if (import.meta.main) await runAsMain(import.meta, scale)
