import * as z from 'zod'
import { ExerciseId, Program, WordedBy } from './words.ts'

const Level = z.number().int().min(1).max(4)

/**
 * `code`: the program the hint is for; without it, the one handed in last. `level`: 1 nudge, 2 where, 3 what, 4 code;
 * without it, the next one. A level can be read again, and none can be skipped.
 */
export const HintRequest = z.strictObject({ code: Program.nullish(), level: Level.nullish() })

/** `level` and `next` are null where there is nothing to hint at, because the program passes all tests. */
export const Hint = z.object({
  exercise_id: ExerciseId,
  level: Level.nullable(),
  text: z.string(),
  /** `model` where a language model worded the text; null for our own words. */
  worded_by: WordedBy,
  /** The level that comes next; null after the last. */
  next: Level.nullable(),
})
export type Hint = z.infer<typeof Hint>
