import * as z from 'zod'
import type { Trouble } from '../../platform/targets/trouble.ts'

/** Something that is wrong: why, what was seen, and what to do. `code` decides how the diagnosis ends. */
export const Finding = z.object({ code: z.string(), cause: z.string(), evidence: z.string(), fix: z.string() })
export type Finding = Trouble

/** One line for many: `3 NOT_FOUND, 1 INTERNAL`. */
export const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
