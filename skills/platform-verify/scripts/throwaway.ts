import * as z from 'zod'
import { verifyEphemeral } from '../../../verify/run.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const throwaway = defineScript({
  about: 'Starts a platform of its own, measures every claim about it and removes it again.',
  effect: 'probes',
  input: z.object({
    id: z.array(z.string().min(1)).default([]).describe('only these checks').meta({ positional: true }),
  }),
  output: Report,
  run: async ({ id }, { line }) => report(await verifyEphemeral(id, line)),
})
export default throwaway
if (import.meta.main) await runAsMain(import.meta, throwaway)
