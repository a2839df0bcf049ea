import * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'
import type { VerifyResult } from '../../verify/run.ts'

/** What a verification found, as data. */
export const Report = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  lines: z.array(z.string()),
})

/** Green is one line; anything else is a failure that names the first findings. */
export function report({ ok, total, passed, failed, skipped, lines }: VerifyResult): {
  summary: string
  data: z.infer<typeof Report>
} {
  if (ok) return { summary: total, data: { passed, failed, skipped, lines } }
  const bad = lines.filter(line => /^(FAIL|LATE|MISSED)/.test(line)).map(line => line.replaceAll(/\s+/g, ' '))
  throw new PlatformError('CHECK_FAILED', [total, ...bad].join('\n'), {
    hint: 'learnflow status, then learnflow logs --grep error',
  })
}
