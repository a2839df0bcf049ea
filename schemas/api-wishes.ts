import * as z from 'zod'
import { ExerciseRequest, ExerciseSummary } from './api.ts'
import { Assignment, AssignmentRequest } from './api-classes.ts'
import { ExerciseFile } from './exercise.ts'
import { ClassId, text } from './words.ts'

export const maxWished = 10

/**
 * `text`: what a teacher wishes, such as "three easy exercises on loops, no functions". `count` is at most how many are
 * given, else what the text says, else 3. `class_id`: a class whose exercises are not offered again; with `assign` it
 * gets what is offered, and what was made from templates is then stored. The same `seed` offers the same exercises.
 */
export const ExerciseWishRequest = z.strictObject({
  text: text(1, 500),
  count: z.number().int().min(1).max(maxWished).optional(),
  class_id: ClassId.optional(),
  assign: z.boolean().default(false),
  due: AssignmentRequest.shape.due,
  seed: text(1, 64).default('0'),
})
export type ExerciseWishRequest = z.infer<typeof ExerciseWishRequest>

const level = ExerciseFile.shape.level

/** `source`: the exercise file, for `POST /api/v1/exercises`, when it was made from a template; null: it is in the bank. */
export const WishedExercise = ExerciseSummary.extend({
  statement: z.string(),
  template: z.string().nullable(),
  source: ExerciseRequest.nullable(),
  mutants: z.object({ made: z.number().int(), caught: z.number().int() }),
  assignment: Assignment.nullable(),
})

/**
 * What a wish was taken for, and what is proven of it. `unknown`: words that name no topic. `nearest`: topics that there
 * are exercises on, when fewer are proven than wished. `refused`: what failed its proof.
 */
export const WishedExercises = z.object({
  wish: z.object({
    topics: z.array(z.string()),
    without: z.array(z.string()),
    level: level.nullable(),
    count: z.number().int(),
    unknown: z.array(z.string()),
  }),
  exercises: z.array(WishedExercise),
  nearest: z.array(z.object({ topic: z.string(), levels: z.array(z.string()) })),
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
})
export type WishedExercises = z.infer<typeof WishedExercises>
