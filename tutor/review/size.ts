/** The longest program that is reviewed, in characters. */
export const maxLength = 20_000
const maxDepth = 40
const maxChain = 200

const token =
  /(?<text>(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'))|(?<comment>#[^\n]*)|(?<line>\n[ \t]*)|(?<open>[([{])|(?<close>[)\]}])|(?<part>,)|(?<word>\w+)|(?<sign>[^\s\w])/g
const chaining = new Set(['not', 'and', 'or', 'in', 'is', 'if', 'else', 'lambda', 'await', 'for', 'elif', 'yield'])

/**
 * Why a program is not reviewed: too long, or nested so deeply that reading it could exhaust a stack (40 brackets or
 * levels of indentation, 200 operators in one expression). Undefined for a program of usual size. Linear in its length.
 */
export function tooLarge(source: string): string | undefined {
  if (source.length > maxLength) return `it has ${source.length} characters, and ${maxLength} are read`
  let [depth, chain] = [0, 0]
  const indents: number[] = []
  for (const { groups = {} } of source.matchAll(token)) {
    if (groups['open'] !== undefined) depth += 1
    else if (groups['close'] !== undefined) depth -= 1
    else if (groups['part'] !== undefined) chain = 0
    else if (groups['line'] !== undefined && depth <= 0) {
      chain = 0
      indent(indents, groups['line'].length - 1)
    } else if (groups['sign'] !== undefined || chaining.has(groups['word'] ?? '')) chain += 1
    if (groups['open'] !== undefined) chain += 1
    if (depth > maxDepth || indents.length > maxDepth) return 'it is nested too deeply'
    if (chain > maxChain) return `one of its expressions has more than ${maxChain} operators`
  }
  return undefined
}

/** Keeps the widths of the blocks that a line stands in. */
function indent(indents: number[], width: number): void {
  while (indents.length > 0 && (indents.at(-1) ?? 0) >= width) indents.pop()
  if (width > 0) indents.push(width)
}

/** The program with a space for each character of its comments, so that all else stays where it is. */
export const withoutComments = (source: string): string =>
  source.replaceAll(token, (found: string) => (found.startsWith('#') ? ' '.repeat(found.length) : found))
