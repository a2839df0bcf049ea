import * as z from 'zod'
import { verify } from '../../../verify/run.ts'
import { operateHere } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const all = defineScript({
  about: 'Measures every claim about the running platform. Its synthetic students stay out of statistics.',
  effect: 'probes',
  needs: ['platform'],
  input: z.object({}),
  output: Report,
  run: async (_input, { config, line }) => report(await verify(config, [], line, operateHere(config))),
})
export default all
if (import.meta.main) await runAsMain(import.meta, all)
