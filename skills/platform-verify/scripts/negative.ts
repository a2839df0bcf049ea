import * as z from 'zod'
import { verifyNegative } from '../../../verify/run.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const negative = defineScript({
  about: 'Breaks throwaway platforms in the way each check is there to notice, and says how many noticed.',
  effect: 'reads',
  input: z.object({ id: z.array(z.string().min(1)).default([]).describe('only these checks').meta({ positional: true }) }),
  output: Report,
  run: async ({ id }, { progress }) => report(await verifyNegative(id, progress)),
})
export default negative
if (import.meta.main) await runAsMain(import.meta, negative)
