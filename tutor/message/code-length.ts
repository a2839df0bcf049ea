import { countsUp, withoutNumber } from './clean.ts'
import { continuesCode, isFragment, isStatement } from './code-lines.ts'
import { bracketsOf, indentOf } from './lines.ts'
import { startsSession } from './session.ts'
import { startsTestOutput } from './test-output.ts'
import { startsTraceback } from './traceback.ts'

/**
 * How many lines, from `from` on and before `to`, are bare code: 0 where the first is prose. Code goes on within open
 * brackets, below a line that ends with a colon, and over blank lines to the next statement. Looks at each line once.
 */
export function codeLength(lines: readonly string[], from: number, to: number): number {
  const listing = countsUp(lines[from] ?? '', lines[from + 1] ?? '')
  const at = (index: number): string => (listing ? withoutNumber(lines[index] ?? '') : (lines[index] ?? ''))
  if (!begins(at(from), at(from + 1), to - from)) return 0
  let open = 0
  let kept = 0
  let blanks = 0
  for (let index = from; index < to; index += 1) {
    const line = at(index)
    if (line.trim() === '') {
      blanks += 1
      continue
    }
    if (endsCode(line)) break
    const indented = indentOf(line) >= 2
    const goesOn =
      blanks === 0 ? open > 0 || continuesCode(line) : isStatement(line) || (indented && continuesCode(line))
    if (kept > 0 && (!goesOn || (open > 0 && blanks > 2))) break
    if (listing && kept > 0 && !countsUp(lines[index - 1 - blanks] ?? '', lines[index] ?? '')) break
    open = Math.min(20, Math.max(0, open + bracketsOf(line)))
    if (isStatement(line) && indentOf(line) === 0 && open > 3) open = 0
    kept = index + 1 - from
    blanks = 0
  }
  return kept
}

const endsCode = (line: string): boolean => startsTraceback(line) || startsTestOutput(line) || startsSession(line)

/** Whether code begins here: a statement, or something short of Python that stands alone or right before a statement. */
function begins(line: string, next: string, left: number): boolean {
  if (isStatement(line)) return true
  const before = /^\s*(?:#|"""|'''|(?:def|class|for|while|if|else|try)\b)/.test(line) && isStatement(next)
  return before || (left === 1 && isFragment(line)) || (indentOf(line) >= 4 && continuesCode(line) && isFragment(line))
}
