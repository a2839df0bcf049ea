import * as z from 'zod'
import { ClassId, ExerciseId, masteryLevels, modules, StudentId } from './words.ts'

const Time = z.iso.datetime()

export const ClassProgress = z.object({
  class_id: ClassId,
  students: z.array(
    z.object({
      student_id: StudentId,
      submissions: z.number().int(),
      exercises_tried: z.number().int(),
      exercises_passed: z.number().int(),
      last_submission_at: Time.nullable(),
      mastery: z.array(z.object({ module: z.enum(modules), mastery: z.number(), level: z.enum(masteryLevels) })),
    }),
  ),
  assignments: z.array(
    z.object({
      exercise_id: ExerciseId,
      exercise_version: z.number().int(),
      due: Time.nullable(),
      tried: z.number().int(),
      passed: z.number().int(),
      passed_late: z.number().int(),
    }),
  ),
})

/**
 * Why somebody needs a teacher: `failed` submissions are the `evidence`, newest first (for `says_stuck` and `crisis` it
 * is questions, for `quiz_below_half` quizzes); `error` is the type of error, or the code of the note, that they have most in common.
 */
export const ClassAlerts = z.object({
  class_id: ClassId,
  alerts: z.array(
    z.object({
      student_id: StudentId,
      reason: z.enum([
        'failed_in_a_row',
        'none_passed',
        'same_error',
        'too_long',
        'quiz_below_half',
        'says_stuck',
        'crisis',
      ]),
      failed: z.number().int(),
      exercise_ids: z.array(ExerciseId),
      error: z.string().nullable(),
      evidence: z.array(z.uuid()),
    }),
  ),
})
/** PostgreSQL has no year 0, and ISO texts have four digits for a year. */
function isInYears1To9999(text: string): boolean {
  const at = new Date(text)
  // What is no time at all is told as that.
  return Number.isNaN(at.getTime()) || /^(?!0000)\d{4}-/.test(at.toISOString())
}
export const AssignmentRequest = z.strictObject({
  class_id: ClassId,
  exercise_id: ExerciseId,
  due: z.iso.datetime({ offset: true }).refine(isInYears1To9999, 'must be in the years 1 to 9999, in UTC').nullish(),
})
export const Assignment = z.object({
  assignment_id: z.uuid(),
  class_id: ClassId,
  exercise_id: ExerciseId,
  exercise_version: z.number().int(),
  due: Time.nullable(),
  assigned_by: StudentId,
  assigned_at: Time,
  students: z.number().int(),
})
/**
 * `standing` of a student: `passed` in time, `passed_late`, `tried`, `open`, or `overdue` without having passed; null for
 * teachers.
 */
export const AssignmentList = z.object({
  assignments: z.array(
    Assignment.omit({ assigned_by: true, students: true }).extend({
      standing: z.enum(['open', 'tried', 'passed', 'passed_late', 'overdue']).nullable(),
    }),
  ),
})
export const AssignmentRemoved = Assignment.pick({ assignment_id: true, class_id: true, exercise_id: true }).extend({
  removed: z.literal(true),
})
export const TaughtClasses = z.object({
  classes: z.array(z.object({ class_id: ClassId, students: z.number().int(), assignments: z.number().int() })),
})
/**
 * A student and a class. `invited`: the student has not accepted yet; `pending`: enrolled by an operator, but nothing of
 * this student has been seen yet; `joined`: in the class; `none`: not in it.
 */
export const Enrolment = z.object({
  class_id: ClassId,
  student_id: StudentId,
  status: z.enum(['invited', 'pending', 'joined', 'none']),
})
export type Enrolment = z.infer<typeof Enrolment>
export const Roster = z.object({ class_id: ClassId, students: z.array(Enrolment.omit({ class_id: true })) })
export const RosterImportRequest = z.strictObject({ students: z.array(z.string()).min(1).max(2_000) })
export const RosterImported = z.object({
  class_id: ClassId,
  enrolled: z.number().int(),
  unchanged: z.number().int(),
  pending: z.number().int(),
})
export const InvitationRequest = z.strictObject({ days: z.number().int().min(1).max(365).default(14) })
/** `code` is told only once; `class_id` and the time stay with it. */
export const Invitation = z.object({ class_id: ClassId, code: z.string(), expires_at: Time })
export const InvitationsWithdrawn = z.object({ class_id: ClassId, withdrawn: z.number().int() })
export const JoinRequest = z.strictObject({ code: z.string().min(1).max(64) })
export const Memberships = z.object({ student_id: StudentId, classes: z.array(Enrolment.omit({ student_id: true })) })
