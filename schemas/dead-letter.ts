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
