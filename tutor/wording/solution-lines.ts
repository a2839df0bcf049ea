import { leakedLines, tellingLines } from '../debug/leaks.ts'

const kept = new Set(
  `and or not in is if else elif for while return yield def class try except finally raise with as import from pass break
  continue lambda None True False print len range`.split(/\s+/),
)
const minTokens = 4

const tokensOf = (text: string): string[] => text.match(/[^\W\d]\w*|\d+(?:\.\d+)?|[^\s\w`]/gu) ?? []
const isName = (token: string): boolean => /^[^\W\d]/u.test(token) && !kept.has(token)

/** Whether `line` stands at `at` in `tokens`, with other names or the same: one for one. */
function standsAt(tokens: readonly string[], at: number, line: readonly string[]): boolean {
  const [there, back] = [new Map<string, string>(), new Map<string, string>()]
  return line.every((token, offset) => {
    const found = tokens[at + offset]
    if (found === undefined) return false
    if (!isName(token)) return found === token
    if (!isName(found)) return false
    const meant = there.get(token) ?? found
    const from = back.get(found) ?? token
    there.set(token, meant)
    back.set(found, from)
    return meant === found && from === token
  })
}

/**
 * The lines of right programs that a text holds, wherever they stand in it, whatever their blanks and names. Lines that
 * tell nothing do not count, and neither do those of other names with fewer than four tokens or without an operator or
 * bracket that is rare in prose.
 */
export function solutionLines(text: string, solutions: readonly string[]): string[] {
  const tokens = tokensOf(text)
  const renamed = tellingLines(solutions).filter(line => {
    const wanted = tokensOf(line.replace(/#.*$/u, ''))
    if (wanted.length < minTokens || !wanted.some(token => /^[^\w\s,.:;'"()]$/u.test(token))) return false
    return tokens.some((_, at) => standsAt(tokens, at, wanted))
  })
  return [...new Set([...leakedLines(text, solutions), ...renamed])]
}
