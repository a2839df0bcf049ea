import * as z from 'zod'
import { verify } from '../../../verify/run.ts'
import { operateHere } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const one = defineScript({
  about: 'Measures the claims whose id is, or begins with, one of those given.',
  effect: 'probes',
  needs: ['platform'],
  input: z.object({
    id: z.array(z.string().min(1)).min(1).describe('such as grading or grading.once').meta({ positional: true }),
  }),
  output: Report,
  run: async ({ id }, { config, line }) => report(await verify(config, id, line, operateHere(config))),
})
export default one
if (import.meta.main) await runAsMain(import.meta, one)
