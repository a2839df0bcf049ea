import type { Comment, Grade } from '../../schemas/api.ts'

const maxShown = 5
/** A call or a value of one test; notes and errors are shown whole. */
const short = (value: string): string => (value.length > 60 ? `${value.slice(0, 59)}…` : value)

/** A grade for a person: the verdict, then the reasons, at most five of each kind. */
export function verdictLines({ verdict, score, tests, attempt, duration_ms, notes, error }: Grade): string[] {
  const failing = tests.filter(test => !test.passed)
  const visible = failing.filter(test => !test.hidden)
  const hidden = failing.length - visible.length
  const passed = tests.length - failing.length
  return [
    `${verdict}, score ${Number(score.toFixed(2))}, ${passed} of ${tests.length} tests, attempt ${attempt}, ` +
      `${duration_ms.toFixed(0)} ms`,
    ...reason(error),
    ...visible
      .slice(0, maxShown)
      .map(({ call, got, expected }) => `${short(call)}: got ${short(got)}, expected ${short(expected)}`),
    ...(visible.length > maxShown ? [`${visible.length - maxShown} more visible tests failed`] : []),
    ...(hidden > 0 ? [`${hidden} hidden tests failed`] : []),
    ...notes.slice(0, maxShown).map(note => `note: ${note.text}`),
    ...(notes.length > maxShown ? [`${notes.length - maxShown} more notes`] : []),
  ]
}

/** For which classes a submission was late, and what teachers wrote about it, for a person. */
export function teachersLines({ late_for, comments }: { late_for: readonly string[]; comments: Comment[] }): string[] {
  return [
    ...(late_for.length === 0 ? [] : [lateWords(late_for)]),
    ...comments.map(({ author, line, text }) => `${author}${line === null ? '' : `, line ${line}`}: ${text}`),
  ]
}

export const lateWords = (classes: readonly string[]): string => `late for ${classes.join(', ')}`

/** The error that ended the program: its line, its type and its message, as far as they are known. */
function reason(error: unknown): string[] {
  const { type, message, line } = (error ?? {}) as { type?: string; message?: string; line?: number }
  if (message === undefined) return []
  return [
    [line === undefined ? undefined : `line ${line}`, type, message].filter(part => part !== undefined).join(': '),
  ]
}
