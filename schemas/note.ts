import * as z from 'zod'

/**
 * How much a note matters: why the program is wrong or which rule it breaks; what would improve it; what is worth
 * knowing.
 */
export const severities = ['essential', 'advice', 'info'] as const
export type Severity = (typeof severities)[number]

/**
 * One note of a grade, as data. `params` fill the text of the code; a param is `null` when it comes from a hidden test,
 * of which nothing may be shown; `line` counts from 1 in the student's program.
 */
export const StoredNote = z.object({
  code: z.string(),
  severity: z.enum(severities),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  line: z.number().int().min(1).optional(),
})
export type StoredNote = z.infer<typeof StoredNote>

/** A note with its text, as grades show it. */
export const ShownNote = StoredNote.extend({ text: z.string() })
export type ShownNote = z.infer<typeof ShownNote>
