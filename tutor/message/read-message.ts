import { exerciseIn, type ExerciseNames, type SpokenExercise } from './exercise.ts'
import { languageOf } from './language.ts'
import { type Part, partsOf } from './parts.ts'
import type { ReportedError } from './traceback.ts'

/** What may be known beside a message: a program sent with it, the exercises there are, and the one worked on last. */
export interface Surroundings {
  code?: string | null
  exercises?: ExerciseNames
  lastExercise?: string | null
}
/**
 * A learner's message read. `parts` cover the text. `prose` and `code` are what its parts of that kind say (code also
 * from sessions, and `code` of the surroundings first), `errors` the exceptions of its tracebacks in their order,
 * `questions` the sentences that ask, `language` a BCP 47 tag, `exercise` the exercise it is about.
 */
export interface MessageReading {
  parts: Part[]
  prose: string
  code: string
  errors: ReportedError[]
  questions: string[]
  language: string
  exercise: SpokenExercise | null
}

/**
 * Reads a message of any text: prose, code with or without fences, prompts or line numbers, tracebacks, and the output
 * of pytest, unittest and doctest. Time is linear in its length; never throws.
 */
export function readMessage(text: string, { code = null, exercises, lastExercise }: Surroundings = {}): MessageReading {
  const parts = partsOf(text)
  const prose = parts
    .filter(({ kind }) => kind === 'prose')
    .map(part => part.text)
    .filter(said => said !== '')
    .join('\n')
  const codes = parts.filter(({ kind }) => kind === 'code' || kind === 'session').map(part => part.text)
  const program = [...(code === null ? [] : [code]), ...codes].join('\n\n')
  const spoken = exercises === undefined ? null : exerciseIn(prose, program, exercises, lastExercise)
  return {
    parts,
    prose,
    code: program,
    errors: parts.flatMap(part => (part.kind === 'traceback' ? part.errors : [])),
    questions: questionsIn(prose),
    language: languageOf(prose),
    exercise: spoken ?? (exercises === undefined && lastExercise ? { id: lastExercise, by: 'context' } : null),
  }
}

const asking =
  /^(?:and |so |but |also |hi |hey )?(?:how|what|why|when|where|which|who|can|could|would|should|is|are|am|do|does|did|will|any)\b/i

/** The sentences of prose that ask something: with a question mark, or begun like a question. */
export function questionsIn(prose: string): string[] {
  return prose
    .split(/\n+|(?<=[?？!。])\s*|(?<=\.)\s+/)
    .map(sentence => sentence.trim())
    .filter(sentence => /[?？؟]$/.test(sentence) || asking.test(sentence))
}
