import { headOf, wordsInRow } from './lines.ts'
import { startsTraceback } from './traceback.ts'

const prompt = /^\s{0,12}\\?(?:(?:In ?\[\d*\]:|>>>)(?: |$)|(?:\.\.\.|\.{3,}:)(?: |$))/
const opening = /^\s{0,12}\\?(?:In ?\[\d*\]:|>>>)(?: |$)/
const output = /^\s{0,12}Out ?\[\d+\]: ?/

/** What a learner says right below a session, rather than what Python printed. */
const remark =
  /^(?:why|how|what|which|can|could|does|is|so|but|and|i|it|my|please|this|that)\b[^()=[\]{}]*(?:\?|(?: \p{L}[\p{L}']*){4,})/iu

/** Whether a line begins with the prompt of an interactive Python: `>>>` or `In [1]:`. */
export const startsSession = (line: string): boolean => opening.test(headOf(line))

/** How many lines, from `from` on and before `to`, are a session: prompts, and what Python printed after them; at least 1. */
export function sessionLength(lines: readonly string[], from: number, to: number): number {
  let kept = 1
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? ''
    const head = headOf(line)
    if (prompt.test(head) || output.test(head)) kept = at + 1 - from
    else if (head.trim() === '') {
      if (!prompt.test(headOf(lines[at + 1] ?? '')) && !output.test(headOf(lines[at + 1] ?? ''))) break
    } else if (startsTraceback(line) || wordsInRow(head) >= 5 || remark.test(head)) break
    else kept = at + 1 - from
  }
  return kept
}

/** The program and the output of a session, each a line to a line. */
export function readSession(lines: readonly string[]): { code: string; output: string } {
  const code: string[] = []
  const printed: string[] = []
  for (const line of lines) {
    const mark = prompt.exec(headOf(line))
    if (mark !== null) code.push(line.slice(mark[0].length))
    else if (line.trim() !== '') printed.push(line.replace(output, ''))
  }
  return { code: code.join('\n'), output: printed.join('\n') }
}
