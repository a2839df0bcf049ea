/**
 * Lines that tell nothing of a solution: what every program has (`else:`, `try:`, `return`, `pass`), results that can
 * only be a few (`return True`), and headers, which the task gives.
 */
const trivial =
  /^(?:(?:else|try|finally):|(?:pass|break|continue|return|raise)|return(?:True|False|None|0|1|\[\]|\{\}|\(\)|""|''|\w)|(?:async)?def.*:|class.*:|@\w+|import\w+|from\w+import\w+|[\w.]{1,12}=(?:0|1|\[\]|\{\}|""|''|None|True|False)|.{0,6})$/u

const words =
  /\b(?!(?:and|or|not|in|is|if|else|elif|for|while|return|yield|def|class|try|except|finally|raise|with|as|import|from|pass|break|continue|lambda|None|True|False|print|range|len)\b)[^\W\d]\w*/gu

const bare = (line: string): string => line.replace(/#.*$/u, '').replaceAll(/\s+/gu, '')
/** A line with each name as the number of its first place in it. */
function masked(line: string): string {
  const names = new Map<string, string>()
  return bare(
    line.replaceAll(words, word => names.get(word) ?? (names.set(word, `$${names.size}`).get(word) as string)),
  )
}

/** The lines of programs that say something of how they solve the task. */
export const tellingLines = (programs: readonly string[]): string[] => [
  ...new Set(programs.flatMap(program => program.split('\n')).filter(line => !trivial.test(bare(line)))),
]

/** The parts of a text that are written as code: fences line by line, and what stands between backticks. */
function codeIn(text: string): string[] {
  const fences = [...text.matchAll(/^```\w*\n([^]*?)^```/gmu)].flatMap(([, inside = '']) => inside.split('\n'))
  const spans = [...text.replaceAll(/^```[^]*?^```/gmu, '').matchAll(/`([^`]+)`/gu)].map(([, inside = '']) => inside)
  return [...fences, ...spans]
}

/**
 * The lines of right programs that a text holds, whatever its blanks, also where its code has other names; lines that
 * tell nothing (see `tellingLines`) do not count.
 */
export function leakedLines(text: string, programs: readonly string[]): string[] {
  const all = bare(text)
  const code = new Set(codeIn(text).map(masked))
  return tellingLines(programs).filter(line => all.includes(bare(line)) || code.has(masked(line)))
}
