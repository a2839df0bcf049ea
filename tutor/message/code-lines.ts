import { headOf, indentOf, withoutQuotes, wordsInRow } from './lines.ts'

/** The shapes of a line of Python, from its first character that is no blank, also where it is not finished. */
const statements: readonly RegExp[] = [
  /^(?:async )?def\s+\w+\s*[(:]/,
  /^class\s+\w+\s*(?:\(.*\))?\s*:/,
  /^(?:if|elif|while)\b.*:\s*(?:\S.*)?$/,
  /^(?:if|elif|while)\b.*(?:==|[<>]=?|!=|\bin\b|\bis\b| = )/,
  /^(?:async )?for\s+[\w, ()]+\s+in\s+\S/,
  /^(?:else|try|finally)\s*:/,
  /^except\b.*:\s*(?:\S.*)?$/,
  /^(?:async )?with\s.+:\s*$/,
  /^(?:match|case)\s.+:\s*$/,
  /^import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*\s*;?$/,
  /^from\s+[\w.]+\s+import\s+[\w*(]/,
  /^return\b(?:\s*$|\s+\S+$|.*[-+*/%()[\]{}=<>"'.])/,
  /^(?:raise|assert|del|global|nonlocal|yield)\s+\S/,
  /^@\w[\w.]*(?:\(.*\)?)?$/,
  /^print\s*\(/,
  /^print\s+["']/,
  /^\*?[A-Za-z_][\w.]*(?:\[[^\]]*\])*(?:\s*,\s*\*?[A-Za-z_][\w.]*(?:\[[^\]]*\])*)*\s*(?:[-+*/%@&|^]|\/\/|\*\*|<<|>>)?=(?!=)\s*\S?/,
  /^[A-Za-z_]\w*\s*:\s*[A-Za-z_][\w.[\], ]*=\s*\S/,
  /^[A-Za-z_][\w.]*\(.*\)(?:\.\w+(?:\(.*\))?)*;?$/,
  /^[A-Za-z_]\w*(?:\.\w+)+\($/,
  /^[A-Za-z_]\w*(?:\.\w+)+$/,
  /^["']{0,1}[^"']{0,80}["']{1}\.\w+\(.*\)/,
  /^if\s+__name__\b/,
  /^\*?(?:def|class)\*?\s+\w+.*:\s*$/,
]
/** What stands in code beside statements, and is code only next to them. */
const continuations: readonly RegExp[] = [
  /^[[({].*[\])}],?$/,
  /^[\])}]+[,:)]*$/,
  /^(?:break|continue|pass|\.\.\.)$/,
  /^#/,
  /^(?:"""|''')/,
  /^["'].*["'],?$/,
  /^["']?\w+["']?\s*:\s*.*,$/,
  /^(?:else|try|finally|except)\b/,
  /^(?:def|class|for|while|if|elif)\s+\S+/,
]

const any = (patterns: readonly RegExp[], line: string): boolean => patterns.some(pattern => pattern.test(line))

/** Whether a line looks like a statement of Python and not like a sentence. Looks at its first 300 characters. */
export function isStatement(line: string): boolean {
  const head = headOf(line).trim()
  if (!any(statements, head)) return false
  return wordsInRow(head) < (indentOf(line) >= 4 ? 5 : 3)
}

/** Whether a line may go on with code that stands right before it. */
export function continuesCode(line: string): boolean {
  const head = headOf(line).trim()
  if (isStatement(line)) return true
  if (head.startsWith('#')) return true
  if (any(continuations, head)) return wordsInRow(head) < 4
  return indentOf(line) >= 2 && (wordsInRow(head) < 5 || withoutQuotes(head).includes('('))
}

/** Whether a line of a message that says nothing else is a piece of Python: one expression, a decorator, a literal. */
export function isFragment(line: string): boolean {
  const head = headOf(line).trim()
  if (isStatement(head)) return true
  if (/^[A-Za-z_][\w.]*\s*(?:==|!=|[<>]=?|\*\*|\/\/|%)\s*[\w"'.]+$/.test(head)) return true
  return (any(continuations.slice(0, 3), head) || /^lambda\b.*:/.test(head)) && wordsInRow(head) < 3
}
