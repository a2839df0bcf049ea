import * as z from 'zod'
import { ClassId, ExerciseId, StudentId } from './words.ts'

const kinds = ['assignment', 'comment', 'struggle'] as const

/**
 * What somebody should know: an `assignment` or a `comment` for a student, a `struggle` for the teachers of a class.
 * `notification_id` is that of the assignment, comment or struggle; one that changes is unseen again.
 */
export const Notification = z.object({
  notification_id: z.uuid(),
  kind: z.enum(kinds),
  at: z.iso.datetime(),
  seen: z.boolean(),
  class_id: ClassId.nullable(),
  exercise_id: ExerciseId.nullable(),
  student_id: StudentId.nullable(),
  submission_id: z.uuid().nullable(),
  text: z.string(),
})
export type Notification = z.infer<typeof Notification>
export const NotificationPage = z.object({
  notifications: z.array(Notification),
  /** How many are unseen in all, on whatever page. */
  unseen: z.number().int(),
  next: z.string().nullable(),
})
export type NotificationPage = z.infer<typeof NotificationPage>

/** `seen: false` takes it back. Ids that are not the caller's notifications change nothing. */
export const SeenRequest = z.strictObject({ ids: z.array(z.uuid()).min(1).max(1_000), seen: z.boolean().default(true) })
export const SeenResult = z.object({ changed: z.number().int(), unseen: z.number().int() })
