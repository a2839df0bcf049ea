/** Control characters but tab and line end, and what is not seen: bidirectional marks, joiners, tags, line separators, lone halves of pairs. */
const unseen = /[^\P{Cc}\n\t]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Co}/gu

/** Text as a model may read it: nothing unseen. */
export const clean = (text: string): string => text.toWellFormed().replaceAll(unseen, '')

/** Thousandths of a token that a character costs at the most, by its class: the dearest of random text, not the mean of prose. */
function costOf(character: string): number {
  if (/[a-z]/.test(character)) return 580
  if (/[A-Z]/.test(character)) return 700
  if (/\d/.test(character)) return 660
  if (character === ' ') return 450
  return Buffer.byteLength(character) === 1 ? 850 : 1_000 * Buffer.byteLength(character)
}

/**
 * At most so many tokens are in a text. The real count (o200k) is about half of it in prose and JSON, and not above it in random letters,
 * digits, marks or other scripts: a tokenizer itself would cost 2 MB and 100 ms at every start.
 */
export function tokensAtMost(text: string): number {
  let cost = 0
  for (const character of text) cost += costOf(character)
  return Math.ceil(cost / 1_000)
}

/** The beginning of a text that costs at most so many tokens, with a mark where it was cut. */
export function cut(text: string, tokens: number): string {
  // No character costs less than 0.45 tokens: longer texts need not be read to their end.
  const head = text.slice(0, tokens * 3)
  if (head.length === text.length && tokensAtMost(head) <= tokens) return text
  let [end, cost] = [0, 0]
  for (const character of head) {
    cost += costOf(character)
    if (cost > (tokens - 1) * 1_000) break
    end += character.length
  }
  return `${text.slice(0, end)}…`
}

/** Lines into pages of at most so many tokens each; a line that is longer than a page goes on in the next. */
export function pagesOf(lines: readonly string[], tokens: number): string[][] {
  const pages: string[][] = [[]]
  let left = tokens
  for (const line of lines.flatMap(line => pieces(line, tokens))) {
    const cost = tokensAtMost(line) + 3
    if (cost > left && pages.at(-1)?.length !== 0) {
      pages.push([])
      left = tokens
    }
    pages.at(-1)?.push(line)
    left -= cost
  }
  return pages
}

function pieces(line: string, tokens: number): string[] {
  const parts: string[] = []
  let [start, end, cost] = [0, 0, 0]
  for (const character of line) {
    const own = costOf(character)
    if (cost + own > (tokens - 3) * 1_000) {
      parts.push(line.slice(start, end))
      start = end
      cost = 0
    }
    cost += own
    end += character.length
  }
  return [...parts, line.slice(start)]
}

/** Data as lines to be paged: a line per field, and one per item of a list. Text keeps its own lines. */
export function linesOf(data: unknown): string[] {
  if (typeof data === 'string') return data.split('\n')
  if (Array.isArray(data)) return data.length === 0 ? ['[]'] : data.map(item => (typeof item === 'string' ? item : JSON.stringify(item)))
  if (data === null || typeof data !== 'object') return [JSON.stringify(data) ?? 'undefined']
  return Object.entries(data).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0) return [`${name}: ${JSON.stringify(value)}`]
    return [`${name}:`, ...linesOf(value)]
  })
}
