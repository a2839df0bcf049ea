import * as z from 'zod'
import type { Trouble } from '../../platform/targets/trouble.ts'

/** Something that is wrong: the cause, the evidence, and the fix. `code` decides the error code of the diagnosis. */
export const Finding = z.object({ code: z.string(), cause: z.string(), evidence: z.string(), fix: z.string() })
export type Finding = Trouble

/** Counts on one line: `3 NOT_FOUND, 1 INTERNAL`. */
export const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
