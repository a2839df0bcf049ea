import { extname } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { verifyNegative, verifyNegativeLocal } from '../../../verify/negative.ts'
import { operateHere } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const negative = defineScript({
  about: 'Breaks throwaway platforms in the way each check is there to notice, and says how many noticed.',
  effect: 'reads',
  input: z.object({
    id: z.array(z.string().min(1)).default([]).describe('only these checks, or outages').meta({ positional: true }),
    target: z
      .enum(['embedded', 'local'])
      .default('embedded')
      .describe('what is broken; on local also the engines, under load'),
    quick: z.boolean().default(false).describe('of the outages only the short ones'),
  }),
  output: Report,
  async run({ id, target, quick }, { line }) {
    // Some faults change a copy of the sources, which the installed package does not have.
    if (extname(import.meta.filename) !== '.ts')
      throw new PlatformError(
        'INVALID_INPUT',
        'the negative controls need the sources, and this is the installed package',
        { hint: 'Run it in a checkout.' },
      )
    return report(
      target === 'local'
        ? await verifyNegativeLocal({ select: id, quick }, line, operateHere)
        : await verifyNegative(id, line),
    )
  },
})
export default negative
if (import.meta.main) await runAsMain(import.meta, negative)
