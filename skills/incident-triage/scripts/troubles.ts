import * as z from 'zod'
import { counted } from '../../../schemas/counted.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Finding } from '../finding.ts'
import { troublesInside } from '../inside.ts'

const troubles = defineScript({
  about: 'Lists what the running platform knows of its own troubles; `diagnose` adds what is seen from outside.',
  effect: 'reads',
  quotes: true,
  needs: ['platform', 'agents', 'log', 'state', 'history', 'sandbox'],
  input: z.object({ service: z.boolean().default(false).describe('only what a student would notice') }),
  output: z.object({ findings: z.array(Finding) }),
  async run({ service }, ports) {
    const findings = await troublesInside(ports, service)
    const first = findings[0]
    return {
      summary:
        first === undefined ? 'no troubles inside' : `${counted(findings.length, 'trouble')}, first: ${first.cause}`,
      data: { findings },
    }
  },
})
export default troubles
if (import.meta.main) await runAsMain(import.meta, troubles)
