import { wholeParts } from '../skills/output.ts'

/**
 * Control characters except tab and newline, and invisible characters: bidirectional marks, joiners, tags, line
 * separators, private use.
 */
const unseen = /[^\P{Cc}\n\t]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Co}/gu

/** Text that a model may read: without control and invisible characters; lone surrogates are replaced. */
export const clean = (text: string): string => text.toWellFormed().replaceAll(unseen, '')

/**
 * A piece of text as the tokenizer splits it: a word with the character before it, up to three digits, marks or space;
 * no piece is longer than this allows.
 */
const piece = /[^\n\p{L}\p{N}]?(?:[A-Z]{0,8}[a-z]{1,8}|[A-Z]{1,8})|\d{1,3}| ?[^\s\p{L}\p{N}]{1,8}|\s{1,8}|./gsu

const letter = /[a-zA-Z]/

/** The maximum tokens of a piece: the cost of random letters and marks, which is two to three times that of prose. */
function costOf(text: string): number {
  if (/^\d/.test(text)) return 1
  let cost = 0.45
  for (const character of text) {
    if (letter.test(character)) cost += 0.6
    else if (character === ' ' && text.length > 1) cost += 0.4
    else cost += character < '\u0080' ? 0.85 : Buffer.byteLength(character)
  }
  return Math.max(1, cost)
}

/** An upper bound of the tokens (o200k) of any text. A real tokenizer would cost 2 MB and 100 ms at every start. */
export function maxTokens(text: string): number {
  let cost = 0
  for (const [part] of text.matchAll(piece)) cost += costOf(part)
  return Math.ceil(cost)
}

/** The beginning of a text within so many tokens, by whole sentences where it has some, with a mark where it was cut. */
export function cut(text: string, tokens: number): string {
  // A character costs at least a third of a token, so the rest of a longer text need not be read.
  const head = text.slice(0, tokens * 4)
  if (head.length === text.length && maxTokens(head) <= tokens) return text
  let [end, cost] = [0, 2]
  for (const [part] of head.matchAll(piece)) {
    cost += costOf(part)
    if (cost > tokens) break
    end += part.length
  }
  return `${wholeParts(text.slice(0, end))}…`
}

/**
 * Splits lines into pages of at most so many tokens each, counted as JSON; a line longer than a page continues on the
 * next.
 */
export function pagesOf(lines: readonly string[], tokens: number): string[][] {
  const pages: string[][] = [[]]
  let left = tokens
  for (const line of lines.flatMap(line => chunksOf(line, tokens))) {
    const cost = lineCost(line)
    if (cost > left && pages.at(-1)?.length !== 0) {
      pages.push([])
      left = tokens
    }
    pages.at(-1)?.push(line)
    left -= cost
  }
  return pages
}

/** The tokens of a line as an item of a JSON list. */
const lineCost = (line: string): number => maxTokens(JSON.stringify(line)) + 1

function chunksOf(line: string, tokens: number): string[] {
  if (lineCost(line) <= tokens) return [line]
  const chunks: string[] = []
  let [start, end, cost] = [0, 0, 4]
  for (const [part] of line.matchAll(piece)) {
    // JSON writes a quotation mark or a backslash as two characters.
    const own = costOf(part) + (part.match(/["\\\n\t]/g)?.length ?? 0) * 0.85
    if (cost + own > tokens) {
      chunks.push(line.slice(start, end))
      start = end
      cost = 4
    }
    cost += own
    end += part.length
  }
  return [...chunks, line.slice(start)]
}

/** Data as lines to be paged: a line per field, and one per item of a list. Text keeps its own lines. */
export function linesOf(data: unknown): string[] {
  if (typeof data === 'string') return data.split('\n')
  if (Array.isArray(data))
    return data.length === 0 ? ['[]'] : data.map(item => (typeof item === 'string' ? item : JSON.stringify(item)))
  if (data === null || typeof data !== 'object') return [JSON.stringify(data) ?? 'undefined']
  return Object.entries(data).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0) return [`${name}: ${JSON.stringify(value)}`]
    return [`${name}:`, ...linesOf(value)]
  })
}
