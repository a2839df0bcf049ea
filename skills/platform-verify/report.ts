import * as z from 'zod'
import type { VerifyResult } from '../../verify/run.ts'
import type { Done } from '../definition.ts'

/** The result of a verification, as data. */
export const Report = z.object({
  lines: z.array(z.string()),
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  failures: z.array(z.string()),
  late: z.number().int(),
  ok: z.boolean(),
  total: z.string(),
})

/** One line when everything passed; otherwise a failure that names the first findings. */
export function report(result: VerifyResult): Done<z.infer<typeof Report>> {
  const { ok, total, lines } = result
  if (ok) return { summary: total, data: result }
  const bad = lines.filter(line => /^(FAIL|LATE|MISSED)/.test(line)).map(line => line.replaceAll(/\s+/g, ' '))
  return {
    summary: total,
    data: result,
    failure: {
      code: 'CHECK_FAILED',
      message: [total, ...bad].join('\n'),
      hint: 'learnflow status, then learnflow logs --grep error',
    },
  }
}
