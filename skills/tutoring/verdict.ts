import type { Grade } from '../../schemas/api.ts'

const maxShown = 5
const short = (value: string): string => (value.length > 60 ? `${value.slice(0, 59)}…` : value)

/** A grade for a person: the verdict, then the reasons, at most five of each kind. */
export function verdictLines({ verdict, score, tests, attempt, duration_ms, notes, error }: Grade): string[] {
  const failing = tests.filter(test => !test.passed)
  const visible = failing.filter(test => !test.hidden)
  const hidden = failing.length - visible.length
  const passed = tests.length - failing.length
  const why = (error as { message?: string } | null | undefined)?.message
  return [
    `${verdict}, score ${Number(score.toFixed(2))}, ${passed} of ${tests.length} tests, attempt ${attempt}, ` +
      `${duration_ms.toFixed(0)} ms`,
    ...(why === undefined ? [] : [short(why)]),
    ...visible
      .slice(0, maxShown)
      .map(({ call, got, expected }) => `${short(call)}: got ${short(got)}, expected ${short(expected)}`),
    ...(visible.length > maxShown ? [`${visible.length - maxShown} more visible tests failed`] : []),
    ...(hidden > 0 ? [`${hidden} hidden tests failed`] : []),
    ...notes.slice(0, maxShown).map(note => `note: ${short(note.text)}`),
  ]
}
