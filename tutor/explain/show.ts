import type { Explanation } from './explanation.ts'

/**
 * An explanation for people: where to look, why, and a question; with `edits` also the changes that were tried and
 * help. `mostLines` is the number of lines of the program that the student sees: a place beyond them is not named.
 */
export function explanationText(
  { title, cause, question, line, column, python_message: said, python_line: at, advice, edit, edits }: Explanation,
  { edits: withEdits = true, mostLines = Number.POSITIVE_INFINITY }: { edits?: boolean; mostLines?: number } = {},
): string {
  const place = line <= mostLines ? `line ${line}, column ${column}: ` : ''
  const saidAt = (at ?? line) <= mostLines ? `, line ${at ?? line}` : ''
  const tried = withEdits ? (edits ?? (edit === undefined ? [] : [edit])) : []
  return [
    `${place}${title}`,
    `  ${cause}`,
    ...(advice === undefined || !withEdits ? [] : [`  ${advice}`]),
    `  ${question}`,
    ...(said === undefined ? [] : [`  Python says${saidAt}: ${said}`]),
    ...tried.map(one => `  tried, line ${one.line}: ${change(one.old, one.new)}`),
  ].join('\n')
}

const change = (old: string, put: string): string =>
  old === ''
    ? `put in ${JSON.stringify(put)}`
    : put === ''
      ? `take out ${JSON.stringify(old)}`
      : `${JSON.stringify(put)} for ${JSON.stringify(old)}`
