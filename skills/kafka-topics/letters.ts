import { userInfo } from 'node:os'
import * as z from 'zod'
import { countByCode, type LetterFilter } from '../../platform/log/dead-letters.ts'
import type { Letter, LetterState } from '../../schemas/dead-letter.ts'
import { isSynthetic } from '../../schemas/words.ts'

/** What selects dead letters, the same for each script about them. */
export const selection = {
  letter: z.string().optional().describe('one: TOPIC/PARTITION/OFFSET/GROUP').meta({ positional: true }),
  code: z.string().optional().describe('error code'),
  group: z.string().optional().describe('agent'),
  student: z.string().optional().describe('key'),
  since: z.iso.datetime({ offset: true }).optional().describe('ISO time'),
}
type Selection = z.infer<z.ZodObject<typeof selection>>

/** Letters of checks are apart: they are meant only with `synthetic`, or where their student or the letter is named. */
export function filterOf(wanted: Selection, state: LetterState, synthetic = false): LetterFilter {
  const named = wanted.letter !== undefined || (wanted.student !== undefined && isSynthetic(wanted.student))
  return { ...wanted, state, ...(named ? {} : { synthetic }) }
}

/** `3 INVALID_INPUT, 1 TOO_LARGE`. */
export const countsLine = (letters: readonly Letter[]): string =>
  Object.entries(countByCode(letters))
    .map(([code, count]) => `${count} ${code}`)
    .join(', ')

/** Who runs this process, for the record of who decided. */
export function operatorName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a user that has no name.
    return 'operator'
  }
}
