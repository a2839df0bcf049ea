/** A change of the source: what stands from `from` to `to` becomes `text`. */
export interface Edit {
  from: number
  to: number
  text: string
}

const maxLines = 14

/** The source after edits that do not overlap. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let [result, at] = ['', 0]
  for (const { from, to, text } of edits.toSorted((one, other) => one.from - other.from)) {
    result += source.slice(at, from) + text
    at = to
  }
  return result + source.slice(at)
}

/**
 * The lines that edits change, before and after, without the indentation that all have; undefined when they are more
 * than 14 or stay the same.
 */
export function shownEdit(source: string, edits: readonly Edit[]): { before: string; after: string } | undefined {
  const first = Math.min(...edits.map(({ from }) => from))
  const last = Math.max(...edits.map(({ to }) => to))
  const start = source.lastIndexOf('\n', first - 1) + 1
  const newline = source[last - 1] === '\n' && last > first ? last - 1 : source.indexOf('\n', last)
  const end = newline < 0 ? source.length : newline
  const rest = source.length - end
  const edited = applyEdits(source, edits)
  const [before, after] = [source.slice(start, end), edited.slice(start, Math.max(start, edited.length - rest))]
  if (before.trim() === after.trim() || before.split('\n').length > maxLines) return undefined
  const width = Math.min(indentOf(before), after.trim() === '' ? Infinity : indentOf(after))
  return { before: outdented(before, width), after: outdented(after, width) }
}

/** The smallest indentation of the lines that are not empty. */
const indentOf = (text: string): number =>
  Math.min(...text.split('\n').flatMap(line => (line.trim() === '' ? [] : [line.length - line.trimStart().length])))

const outdented = (text: string, width: number): string =>
  text
    .split('\n')
    .map(line => line.trimEnd().slice(width))
    .join('\n')
    .trimEnd()

const opposites: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}
const negated = /^(return )not ((?:(?!\b(?:and|or|if|in|is|not|lambda)\b)[^<>=!\n])+?) (==|!=|<=?|>=?) ([^<>=!\n]+)$/

/** `return not a < b` as `return a >= b`, which is what an edit of ruff means by it. */
export const plainComparison = (text: string): string =>
  text.replace(negated, (all, start: string, left: string, operator: string, right: string) =>
    /\b(?:and|or|if|in|is|not|lambda)\b/.test(right)
      ? all
      : `${start}${left} ${opposites[operator] ?? operator} ${right}`,
  )
