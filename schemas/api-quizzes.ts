import * as z from 'zod'
import { ExerciseId, modules, text } from './words.ts'

/** What a question of a quiz asks for. */
export const questionKinds = ['multiple_choice', 'predict_output', 'order_lines', 'fix_line'] as const
export type QuestionKind = (typeof questionKinds)[number]
export const maxQuestions = 10

const Ordinal = z.number().int().min(1).max(maxQuestions)
const Score = z.number().min(0).max(1)

/**
 * `topic`: a module, a concept or words for one; `exercise_ids`: of one module. Without either, what the student did
 * last.
 */
export const QuizRequest = z.strictObject({
  topic: text(1, 200).nullish(),
  exercise_ids: z.array(ExerciseId).min(1).max(10).nullish(),
  questions: Ordinal.default(5),
})
export type QuizRequest = z.infer<typeof QuizRequest>

/**
 * How an answer was judged. `right_answer` is one of those that are right: the label of a choice, the labels of lines
 * in their order, or `LINE: the line as it has to be`.
 */
const Judged = z.object({
  answer: z.string(),
  right: z.boolean(),
  right_answer: z.string(),
  explanation: z.string(),
})

/** `choices` are the answers of `multiple_choice` and `predict_output`, or the lines of `order_lines`. */
export const QuizQuestion = z.object({
  question: Ordinal,
  kind: z.enum(questionKinds),
  text: z.string(),
  code: z.string().nullable(),
  stdin: z.string().nullable(),
  choices: z.array(z.object({ label: z.string(), text: z.string() })),
  /** The exercise and the concept that it is made from. */
  exercise_id: ExerciseId.nullable(),
  concept: z.string().nullable(),
  /** Whether it is made from the student's own program. */
  own: z.boolean(),
  /** Null until it is answered. */
  judged: Judged.nullable(),
})
export type QuizQuestion = z.infer<typeof QuizQuestion>

const about = {
  quiz_id: z.uuid(),
  module: z.enum(modules),
  made_at: z.iso.datetime(),
  /** When the last question was answered, and right answers / questions; null before. */
  answered_at: z.iso.datetime().nullable(),
  score: Score.nullable(),
}
export const Quiz = z.object({ ...about, questions: z.array(QuizQuestion) })
export type Quiz = z.infer<typeof Quiz>

export const QuizPage = z.object({
  quizzes: z.array(z.object({ ...about, questions: z.number().int(), answered: z.number().int() })),
  next: z.string().nullable(),
})
export type QuizPage = z.infer<typeof QuizPage>

/** An answer has the form of `right_answer`. */
export const QuizAnswerRequest = z.strictObject({ question: Ordinal, answer: text(1, 2_000) })

/** `counted` is false for a second answer, which changes nothing: what is shown is the first. `left`: questions to go. */
export const QuizAnswer = z.object({
  quiz_id: z.uuid(),
  question: Ordinal,
  counted: z.boolean(),
  ...Judged.shape,
  left: z.number().int(),
  score: Score.nullable(),
})
export type QuizAnswer = z.infer<typeof QuizAnswer>
