import * as z from 'zod'
import type { Code } from '../../platform/errors.ts'

/** Something that is wrong: why, what was seen, and what to do. `code` decides how the diagnosis ends. */
export const Finding = z.object({ code: z.string(), cause: z.string(), evidence: z.string(), fix: z.string() })
export interface Finding {
  code: Code
  cause: string
  evidence: string
  fix: string
}

/** One line for many: `3 NOT_FOUND, 1 INTERNAL`. */
export const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
