/**
 * What a model may put in other words. `text` is the verified answer, `facts` more of it as JSON data. `message` and
 * `code` are what the student wrote. `solutions` are right programs, of which no line may be told below `level` 4 (null:
 * no hint). With `ownPrograms` it may show programs of its own, which are run; without, only code that is in the answer
 * or the student's.
 */
export interface Brief {
  text: string
  facts: unknown
  message: string
  code: string | null
  level: number | null
  solutions: readonly string[]
  ownPrograms: boolean
}

/** Why a wording is not shown. `unchecked`: its programs could not be run now. */
export const refusals = [
  'empty',
  'too_long',
  'characters',
  'instructions_told',
  'markup',
  'link',
  'language',
  'solution_line',
  'instruction_followed',
  'verdict',
  'number',
  'error_name',
  'code_added',
  'code_missing',
  'code_fails',
  'output_differs',
  'unchecked',
] as const
export type Refusal = (typeof refusals)[number]

/** The words of a wording: those of the answer and a third more; of a hint 160. */
export function maxWordsOf({ text, level }: Brief): number {
  if (level !== null) return 160
  const words = text.split(/\s+/).length
  return Math.min(300, Math.ceil(words * 1.3) + 40)
}

/** What is verified of an answer, as one text. */
export const verifiedOf = ({ text, facts }: Brief): string => `${text}\n${JSON.stringify(facts) ?? ''}`
