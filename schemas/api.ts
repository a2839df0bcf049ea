import * as z from 'zod'
import { ExerciseFile, ExerciseTest } from './exercise.ts'
import { ShownNote } from './note.ts'
import { StoredMastery } from './state-keys.ts'
import {
  agentNames,
  ClassId,
  CommentText,
  Conversation,
  endings,
  ExerciseId,
  intents,
  Message,
  modules,
} from './words.ts'
import { Program, StudentId, verdicts } from './words.ts'

const Time = z.iso.datetime()
const Share = z.number().min(0).max(1)

/** RFC 9457 problem details. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  hint: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string(), line: z.number().int().optional() })).optional(),
})

/** `class_id`: the class that it is handed in for; without it, those that the exercise is assigned to. */
export const SubmissionRequest = z.strictObject({
  exercise_id: ExerciseId,
  code: Program,
  class_id: ClassId.optional(),
})
/** `agent`: who will answer a question; `triage` while it is not routed yet. */
export const Accepted = z.object({
  request_id: z.uuid(),
  submission_id: z.uuid().optional(),
  agent: z.enum(agentNames).optional(),
  status: z.literal('queued'),
  position: z.number().int().min(0),
})
export type Accepted = z.infer<typeof Accepted>

export const TestOutcome = z.object({
  call: z.string(),
  passed: z.boolean(),
  got: z.string(),
  expected: z.string(),
  hidden: z.boolean(),
  error: z.unknown().optional(),
})
export const Grade = z.object({
  submission_id: z.uuid(),
  exercise_id: ExerciseId,
  exercise_version: z.number().int(),
  module: z.enum(modules),
  attempt: z.number().int(),
  verdict: z.enum(verdicts),
  score: Share,
  duration_ms: z.number(),
  notes: z.array(ShownNote),
  tests: z.array(TestOutcome),
  /** The smallest input found that the program fails; absent when only a hidden test fails. */
  smallest_failing: TestOutcome.omit({ passed: true }).optional(),
  error: z.unknown().optional(),
  /** How well a passed program is written (docs/tutoring.md, "Review"); null for others, and shortly after the grade. */
  quality: Share.nullable(),
  graded_at: Time,
})
export type Grade = z.infer<typeof Grade>

/** `line`: the line of the program that it is about, counted from 1. */
export const CommentRequest = z.strictObject({ text: CommentText, line: z.number().int().min(1).nullish() })
export const Comment = z.object({
  comment_id: z.uuid(),
  author: z.string(),
  line: z.number().int().nullable(),
  text: z.string(),
  created_at: Time,
})
export type Comment = z.infer<typeof Comment>
export const CommentList = z.object({ submission_id: z.uuid(), comments: z.array(Comment) })
export const CommentRemoved = z.object({ comment_id: z.uuid(), submission_id: z.uuid(), removed: z.literal(true) })

/** The classes for which a submission came after the due time of its exercise. */
const LateFor = z.array(ClassId)

/**
 * `late_for` and `comments` are of a submission; both are empty for a question. The `result` of a question is an object
 * with the answer as `text` and `worded_by`: `model` where a language model worded it, else null.
 */
export const RequestState = z.object({
  request_id: z.uuid(),
  kind: z.enum(['submission', 'question']),
  agent: z.string(),
  status: z.enum(['queued', 'working', 'done', 'cancelled', 'failed']),
  position: z.number().int().nullable(),
  created_at: Time,
  finished_at: Time.nullable(),
  grade: Grade.nullable(),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  late_for: LateFor,
  comments: z.array(Comment),
})
export type RequestState = z.infer<typeof RequestState>

/** `comments`: how many there are. */
export const SubmissionPage = z.object({
  submissions: z.array(
    z.object({
      submission_id: z.uuid(),
      exercise_id: ExerciseId,
      exercise_version: z.number().int(),
      attempt: z.number().int(),
      received_at: Time,
      status: RequestState.shape.status,
      verdict: z.enum(verdicts).nullable(),
      score: Share.nullable(),
      late_for: LateFor,
      comments: z.number().int(),
    }),
  ),
  next: z.string().nullable(),
})
export type SubmissionPage = z.infer<typeof SubmissionPage>

export const HealthLive = z.object({ status: z.literal('live'), version: z.string() })
export const HealthReady = z.object({
  status: z.enum(['ready', 'not_ready', 'draining']),
  version: z.string(),
  target: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), measured: z.string() })),
  sandbox: z.string(),
  fakes: z.array(z.string()),
  /** The language model that words answers, and where it is asked; null when there is none. */
  model: z.object({ name: z.string(), host: z.string(), breaker: z.enum(['closed', 'open', 'half-open']) }).nullish(),
})

/**
 * A question, in a conversation or by itself. For a message that says nothing by itself ("why?", "another one") `context`
 * is what went before it, by default what the conversation says, or else the student's last question and submission.
 */
export const TriageRequest = z.strictObject({
  text: Message,
  code: Program.nullish(),
  conversation_id: z.uuid().nullish(),
  context: Conversation.nullish(),
})
/** The result of triage for a message; an open object, because the router may return more. */
export const TriageRoute = z.looseObject({
  agent: z.enum(agentNames).nullable(),
  intent: z.enum(intents),
  confidence: Share,
  intents: z.array(z.enum(intents)).optional(),
  language: z.string().optional(),
})
export const TriageResult = z.object({
  request_id: z.uuid().nullable(),
  route: TriageRoute.nullable(),
  agent: z.enum(agentNames).nullable(),
  /** Only what a person in a crisis is told is answered at once; then `code` is `CRISIS`. */
  answer: z.string().nullable(),
  code: z.string().nullable(),
  hint: z.string(),
})

export const ExerciseSummary = z.object({
  id: ExerciseId,
  title: z.string(),
  version: z.number().int(),
  module: z.enum(modules),
  level: ExerciseFile.shape.level,
  kind: ExerciseFile.shape.kind,
  concepts: z.array(z.string()),
})
export const ExerciseList = z.object({ bank_version: z.string(), exercises: z.array(ExerciseSummary) })
export type ExerciseList = z.infer<typeof ExerciseList>
/** An exercise as a student sees it: no reference, no hidden test. */
export const ExerciseView = ExerciseSummary.extend({
  statement: z.string(),
  entry: z.array(z.string()),
  import_as: z.string().optional(),
  prelude: z.string().optional(),
  helpers: z.string().optional(),
  tests: z.array(ExerciseTest),
  rules: z
    .object({
      ban_calls: z.array(z.string()).optional(),
      require_function: z.string().optional(),
      no_imports: z.boolean().optional(),
      max_lines: z.number().optional(),
    })
    .optional(),
  limits: z.object({ seconds: z.number(), megabytes: z.number() }),
})
export type ExerciseView = z.infer<typeof ExerciseView>

/** An exercise file with the programs that it refers to by file name; other programs are inside the text. */
export const ExerciseRequest = z.strictObject({
  text: z.string().min(1).max(100_000),
  programs: z.record(z.string().regex(/^[\w-][\w.-]{0,99}$/), z.string().max(65_536)).default({}),
})
/**
 * `created` is false when an identical version existed. `survivors` are changes of the reference that no test notices.
 */
export const ExerciseAdded = z.object({
  id: ExerciseId,
  version: z.number().int(),
  owner: StudentId,
  created: z.boolean(),
  restored: z.boolean(),
  mutants: z.object({
    made: z.number().int(),
    caught: z.number().int(),
    survivors: z.array(z.object({ line: z.number().int(), change: z.string(), input: z.string() })),
  }),
})
export const ExerciseRetired = z.object({ id: ExerciseId, retired: z.literal(true) })
export const ExerciseVersions = z.object({
  id: ExerciseId,
  versions: z.array(
    z.object({ version: z.number().int(), owner: StudentId, added_at: Time, retired_at: Time.nullable() }),
  ),
})

export const SandboxRequest = z.strictObject({
  code: Program,
  stdin: z.string().max(65_536).optional(),
  seconds: z.number().min(0.1).max(5).optional(),
})
export const SandboxResult = z.object({
  ended: z.enum(endings),
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
  duration_ms: z.number(),
  peak_megabytes: z.number().nullable(),
  error: z
    .object({
      type: z.string(),
      message: z.string(),
      line: z.number().optional(),
      column: z.number().optional(),
      traceback: z.string(),
    })
    .optional(),
})

export const MasteryState = z.object({ ...StoredMastery.shape, source: z.enum(['state', 'history']) })
export const MasteryView = z.object({ student_id: StudentId, modules: z.array(MasteryState) })
export type MasteryView = z.infer<typeof MasteryView>

export const HistoryPage = z.object({
  submissions: z.array(
    SubmissionPage.shape.submissions.element
      .omit({ verdict: true, score: true })
      .extend({ code: z.string(), grades: z.array(Grade) }),
  ),
  next: z.string().nullable(),
})
export type HistoryPage = z.infer<typeof HistoryPage>
/** Rows by table, as they are stored. */
export const StudentExport = z.object({
  student_id: StudentId,
  exported_at: Time,
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  state: z.record(z.string(), z.unknown()),
})
export const Erased = z.object({
  student_id: StudentId,
  rows: z.record(z.string(), z.number().int()),
  state_keys: z.number().int(),
  /** The backups that still hold the student, by name; `learnflow history expunge` takes the erased out of them. */
  backups: z.array(z.string()),
})
