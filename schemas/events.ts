import * as z from 'zod'
import { cloudEvent } from './cloud-event.ts'
import {
  agentNames,
  ClassId,
  ExerciseId,
  intents,
  masteryLevels,
  Message,
  modules,
  Program,
  text,
  verdicts,
  Worder,
} from './words.ts'

const share = z.number().min(0).max(1)
const ordinal = z.number().int().min(1).max(2_147_483_647)

/** The components of a mastery value: each 0-1, or null while it has no data. */
export const MasteryComponents = z.looseObject({
  completion: share.nullable(),
  quiz: share.nullable(),
  quality: share.nullable(),
  consistency: share.nullable(),
})

/** What went before a question; `last_text` is what was asked last, cut. */
const QuestionContext = z.looseObject({
  last_agent: z.enum(agentNames).nullable(),
  last_exercise: ExerciseId.nullable(),
  last_verdict: z.enum(verdicts).nullable(),
  last_text: text(0, 2_000).nullable(),
})
/** `exercise_id`: the exercise that the message is about, because it says so or because it was worked on last. */
const asked = {
  request_id: z.uuid(),
  text: Message,
  code: Program.nullable(),
  exercise_id: ExerciseId.optional(),
  context: QuestionContext.optional(),
}

/** A message that is not routed yet, because triage did not answer in time. */
export const questionAsked = cloudEvent('question.asked', z.object(asked))

export const questionRouted = cloudEvent(
  'question.routed',
  z.object({
    ...asked,
    intent: z.enum(intents),
    confidence: share,
    agent: z.enum(agentNames),
    /** What else the writer wants, which the agent answers too. */
    second_intent: z.enum(intents).optional(),
  }),
)

export const answerGiven = cloudEvent(
  'answer.given',
  z.object({
    request_id: z.uuid(),
    agent: z.enum(agentNames),
    text: text(0, 20_000),
    // Absent where the words are our own.
    worded_by: Worder.optional(),
  }),
)

export const submissionReceived = cloudEvent(
  'submission.received',
  z.object({
    submission_id: z.uuid(),
    exercise_id: ExerciseId,
    exercise_version: ordinal,
    attempt: ordinal,
    code: Program,
  }),
)

/** `score` = tests passed / all tests, 0 on any ending but passed or failed; `duration_ms` of the student's program. */
export const submissionGraded = cloudEvent(
  'submission.graded',
  z.object({
    submission_id: z.uuid(),
    exercise_id: ExerciseId,
    exercise_version: ordinal,
    module: z.enum(modules),
    attempt: ordinal,
    verdict: z.enum(verdicts),
    score: share,
    duration_ms: z.number().min(0).max(3_600_000),
  }),
)

export const quizAnswered = cloudEvent(
  'quiz.answered',
  z.object({ quiz_id: ExerciseId, module: z.enum(modules), score: share }),
)

export const progressRecorded = cloudEvent(
  'progress.recorded',
  z.object({
    student_id: z.string(),
    exercise_id: ExerciseId,
    completion_score: share,
    quality_score: share.nullable(),
    agent_source: z.enum(agentNames),
  }),
)

/** `mastery` 0-100, unrounded; `bank_version` names the exercise bank it was computed with. */
export const masteryUpdated = cloudEvent(
  'mastery.updated',
  z.object({
    module: z.enum(modules),
    mastery: z.number().min(0).max(100),
    level: z.enum(masteryLevels),
    components: MasteryComponents,
    bank_version: text(1, 200),
  }),
)

export const struggleDetected = cloudEvent(
  'struggle.detected',
  z.object({ exercise_id: ExerciseId.nullable(), reason: text(1, 1_000), evidence: z.array(z.uuid()).min(1) }),
)
export const struggleCleared = cloudEvent(
  'struggle.cleared',
  z.object({ exercise_id: ExerciseId.nullable(), evidence: z.array(z.uuid()) }),
)
export const exerciseAssigned = cloudEvent(
  'exercise.assigned',
  z.object({ exercise_id: ExerciseId, exercise_version: ordinal, class_id: ClassId, due: z.iso.datetime().nullable() }),
)
