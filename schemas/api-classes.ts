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
    }),
  ),
})
export const ClassAlerts = z.object({
  class_id: ClassId,
  alerts: z.array(
    z.object({
      student_id: StudentId,
      reason: z.enum(['failed_in_a_row', 'none_passed']),
      failed: z.number().int(),
      exercise_ids: z.array(ExerciseId),
      evidence: z.array(z.uuid()),
    }),
  ),
})
export const AssignmentRequest = z.strictObject({
  class_id: ClassId,
  exercise_id: ExerciseId,
  due: z.iso.datetime({ offset: true }).optional(),
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
export const Enrolment = z.object({ class_id: ClassId, student_id: StudentId })
