import { type Token, tokensOf } from './tokens.ts'

/** One physical line: offsets of its begin and its end without the newline, and the width of its indentation. */
export interface Line {
  /** From 1. */
  number: number
  at: number
  end: number
  text: string
  /** The text with the insides of strings and with comments replaced by fillers of the same length. */
  masked: string
  indent: string
  width: number
  tokens: Token[]
  /** It holds nothing but blanks and a comment, or begins inside a string. */
  blank: boolean
  inString: boolean
}

/** A program as the tolerant reader sees it. */
export interface Source {
  text: string
  tokens: Token[]
  lines: Line[]
  /** The indentation that the program uses for one level. */
  unit: string
}

/** What stands for each character inside a string. */
export const filler = '\uE000'

/** Reads a program, whatever is wrong with it. Linear in its length. */
export function sourceOf(text: string): Source {
  const tokens = tokensOf(text)
  const masked = maskedOf(text, tokens)
  const lines: Line[] = []
  let [at, next] = [0, 0]
  let openUntil = 0
  for (const [index, line] of text.split('\n').entries()) {
    const end = at + line.length
    const own: Token[] = []
    const inString = openUntil > at
    for (let token = tokens[next]; token !== undefined && token.at <= end; token = tokens[++next]) {
      if (token.kind === 'newline') continue
      own.push(token)
      if (token.kind === 'string') openUntil = token.end
    }
    const indent = /^[ \t\f]*/.exec(line)?.[0] ?? ''
    const code = own.filter(({ kind }) => kind !== 'comment')
    lines.push({
      number: index + 1,
      at,
      end,
      text: line,
      masked: masked.slice(at, end),
      indent,
      width: widthOf(indent),
      tokens: code,
      blank: code.length === 0 || inString,
      inString,
    })
    at = end + 1
  }
  return { text, tokens, lines, unit: unitOf(lines) }
}

/** The column that an indentation reaches, with tab stops every eight columns, as Python counts. */
export function widthOf(indent: string): number {
  let width = 0
  for (const character of indent) width = character === '\t' ? (Math.floor(width / 8) + 1) * 8 : width + 1
  return width
}

function maskedOf(text: string, tokens: readonly Token[]): string {
  const parts: string[] = []
  let at = 0
  for (const token of tokens) {
    if (token.kind !== 'string' && token.kind !== 'comment') continue
    parts.push(text.slice(at, token.at))
    if (token.kind === 'comment') parts.push(' '.repeat(token.text.length))
    else {
      const open = /^[a-zA-Z]*(?:"""|'''|"|')/.exec(token.text)?.[0] ?? ''
      const close = token.open === true ? 0 : open.replace(/^[a-zA-Z]+/, '').length
      const inside = token.text.slice(open.length, Math.max(open.length, token.text.length - close))
      parts.push(open, inside.replaceAll(/[^\n]/g, filler), token.text.slice(open.length + inside.length))
    }
    at = token.end
  }
  parts.push(text.slice(at))
  return parts.join('')
}

function unitOf(lines: readonly Line[]): string {
  const indented = lines.find(({ blank, width }) => !blank && width > 0)
  if (indented === undefined) return '    '
  return indented.indent.startsWith('\t') ? '\t' : ' '.repeat(Math.min(8, indented.width))
}

/** The line that holds an offset. */
export function lineAt({ lines }: Source, at: number): Line | undefined {
  let [low, high] = [0, lines.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lines[middle]?.at ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return lines[low]
}

/** The offset of a line and column, both from 1 and in characters as Python counts them. */
export function offsetOf({ lines }: Source, line: number, column: number): number {
  const found = lines[Math.min(line, lines.length) - 1]
  if (found === undefined) return 0
  return (
    found.at +
    Array.from(found.text)
      .slice(0, column - 1)
      .join('').length
  )
}

/** Line and column of an offset, both from 1, in characters. */
export function placeOf(source: Source, at: number): { line: number; column: number } {
  const line = lineAt(source, at)
  if (line === undefined) return { line: 1, column: 1 }
  return { line: line.number, column: Array.from(source.text.slice(line.at, at)).length + 1 }
}
