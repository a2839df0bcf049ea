import * as z from 'zod'

/** A record of `dead-letter.queue`: a message that one consumer group could not handle, unchanged, with the reason. */
export const DeadLetter = z.looseObject({
  id: z.uuid(),
  time: z.iso.datetime({ precision: 3 }),
  topic: z.string(),
  partition: z.number().int().min(0).max(2_147_483_647),
  offset: z.string().regex(/^\d+$/),
  group: z.string(),
  key: z.string(),
  value: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  attempts: z.number().int().min(1).max(2_147_483_647),
})
export type DeadLetter = z.infer<typeof DeadLetter>

export const letterStates = ['waiting', 'replayed', 'discarded'] as const
export type LetterState = (typeof letterStates)[number]

/**
 * A dead letter and what has become of it. `letter` is its identity, `TOPIC/PARTITION/OFFSET/GROUP`; `synthetic` marks
 * those that checks have made on purpose; `changed_by` and `changed_at` say who replayed or discarded it.
 */
export const Letter = DeadLetter.extend({
  letter: z.string(),
  state: z.enum(letterStates),
  synthetic: z.boolean(),
  changed_by: z.string().optional(),
  changed_at: z.iso.datetime({ precision: 3 }).optional(),
})
export type Letter = z.infer<typeof Letter>
