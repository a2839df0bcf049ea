import { extname } from 'node:path'
import * as z from 'zod'
import { PlatformError } from '../../../platform/errors.ts'
import { defaultTarget } from '../../../platform/targets/all.ts'
import { negatives, type NegativeTarget } from '../../../verify/negative.ts'
import { operateHere } from '../../registry.ts'
import { defineScript, runAsMain } from '../../script.ts'
import { Report, report } from '../report.ts'

const negative = defineScript({
  about: 'Breaks throwaway platforms in the way each check is there to notice, and says how many noticed.',
  effect: 'probes',
  input: z.object({
    id: z.array(z.string().min(1)).default([]).describe('only these checks, or outages').meta({ positional: true }),
    target: z
      .enum(Object.keys(negatives) as [NegativeTarget])
      .default(defaultTarget)
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
    return report(await negatives[target]({ select: id, quick }, line, operateHere))
  },
})
export default negative
if (import.meta.main) await runAsMain(import.meta, negative)
