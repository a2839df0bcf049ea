import * as z from 'zod'

/**
 * Every agent the platform knows: each has the folder `agents/<name>`. Workers, processes and event subscriptions are derived
 * from this list.
 */
export const agentNames = ['triage', 'concepts', 'review', 'debug', 'exercise', 'progress'] as const
export type AgentName = (typeof agentNames)[number]

/** What the writer of a message may want; `other` is off topic. */
export const intents = ['concepts', 'review', 'debug', 'exercise', 'progress', 'other'] as const
export type Intent = (typeof intents)[number]

/** The possible results of judging a program. A crash of our infrastructure is retried and is never a verdict. */
export const verdicts = ['passed', 'failed', 'error', 'timed_out', 'out_of_memory', 'output_limit'] as const
export type Verdict = (typeof verdicts)[number]

/** The possible ends of one run in the sandbox, before any judging. */
export const endings = ['ok', 'raised', 'timed_out', 'out_of_memory', 'output_limit'] as const
export type Ending = (typeof endings)[number]

/** The eight modules of the course; a module is also the topic of a mastery. */
export const modules = [
  'basics',
  'control-flow',
  'data-structures',
  'functions',
  'oop',
  'files',
  'errors',
  'libraries',
] as const
export type Module = (typeof modules)[number]

export const masteryLevels = ['Beginner', 'Learning', 'Proficient', 'Mastered'] as const
export const roles = ['student', 'teacher', 'operator'] as const
export type Role = (typeof roles)[number]

/**
 * 1-255 printable characters, as identity providers make them (`auth0|64fe12`, `name+cs1@school.edu`): the JWT's `sub`,
 * stored as it is, and the key of every event. What needs a narrower alphabet derives it (`masteryKey`, `tokenFile`).
 */
export const StudentId = z
  .string()
  .regex(/^[^\p{Cc}\u2028\u2029\ud800-\udfff]{1,255}$/u, 'must be 1-255 printable characters')

/** Kebab case, 1-64 characters. */
export const ExerciseId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(64)

const storable = /^[^\0\ud800-\udfff]*$/u

/**
 * Whether the text has more than `max` characters. An emoji counts as one, as in JSON Schema and PostgreSQL, although
 * JavaScript's `length` is two.
 */
function exceeds(value: string, max: number): boolean {
  return value.length > max && (value.length > 2 * max || Array.from(value).length > max)
}

/** Text of `min` to `max` characters that PostgreSQL, Avro and Python can hold: no NUL, no half of a surrogate pair. */
export function text(min: number, max: number) {
  return z
    .string()
    .min(min)
    .regex(storable, 'contains a NUL byte or half of a surrogate pair')
    .refine(value => !exceeds(value, max), `must have at most ${max} characters`)
    .meta({ maxLength: max })
}

/** A student's program: at most 65,536 characters. */
export const Program = text(0, 65_536)

/** Who put an answer into its words, other than the agent itself. */
export const Worder = z.enum(['model'])
export const WordedBy = Worder.nullable()
export type WordedBy = z.infer<typeof WordedBy>

/** A student's question, or an answer. */
export const Message = text(1, 20_000)

/** What a teacher writes about a program: 1-2,000 printable characters, also on several lines, and not only blanks. */
export const CommentText = text(1, 2_000)
  .regex(/^(?:[^\p{Cc}\u2028\u2029]|[\n\t])*$/u, 'must be printable; lines end with a newline alone')
  .regex(/\S/, 'must not be blank')
  .meta({ maxLength: 2_000 })

/** 1-64 characters: letters, digits, `.`, `_`, `-`. */
export const ClassId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

/** Students whose ids begin like this are verification traffic and are left out of statistics. */
export const syntheticPrefix = 'synthetic-'

export const isSynthetic = (student: string): boolean => student.startsWith(syntheticPrefix)

/** What went before a question: the agent that answered last, the exercise worked on last, and its last verdict. */
export const Conversation = z.strictObject({
  last_agent: z.enum(agentNames).nullish(),
  last_exercise: ExerciseId.nullish(),
  last_verdict: z.enum(verdicts).nullish(),
})
export type Conversation = z.infer<typeof Conversation>
