import * as z from 'zod'
import type { VerifyResult } from '../../verify/run.ts'
import type { Done, Failure } from '../definition.ts'

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

/** Nothing failed, but not everything was measured. */
function skipped({ total, lines }: VerifyResult): Failure {
  const left = lines.filter(line => line.startsWith('skip')).map(line => line.split(/\s+/)[1])
  return {
    code: 'CHECK_SKIPPED',
    message: `${total}: ${left.join(' ')} need tokens that only the identity provider makes`,
    hint: 'learnflow verify --throwaway measures them on another platform; docs/access.md says what --token-file adds.',
  }
}

/** One line when everything passed; otherwise a failure that names the first findings. */
export function report(result: VerifyResult): Done<z.infer<typeof Report>> {
  const { ok, failed, total, lines } = result
  if (ok) return { summary: total, data: result }
  if (failed === 0 && result.skipped > 0) return { summary: total, data: result, failure: skipped(result) }
  const bad = lines.filter(line => /^(FAIL|LATE|MISSED|partly)/.test(line)).map(line => line.replaceAll(/\s+/g, ' '))
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
