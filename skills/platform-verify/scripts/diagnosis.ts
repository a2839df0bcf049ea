import { extname } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { scoreDiagnosis } from '../../../verify/diagnosis/run.ts'
import { operateHere } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const diagnosis = defineScript({
  about: 'Breaks a throwaway platform of real engines in every known way, and scores what diagnose says and advises.',
  effect: 'probes',
  input: z.object({
    id: z.array(z.string().min(1)).default([]).describe('only these scenarios').meta({ positional: true }),
  }),
  output: Report,
  async run({ id }, { line }) {
    // It starts the platform that it breaks from the sources.
    if (extname(import.meta.filename) !== '.ts')
      throw new PlatformError(
        'INVALID_INPUT',
        'the diagnosis is scored in a checkout, and this is the installed package',
        {
          hint: 'Run it in a checkout.',
        },
      )
    return report(await scoreDiagnosis(id, line, operateHere))
  },
})
export default diagnosis
if (import.meta.main) await runAsMain(import.meta, diagnosis)
