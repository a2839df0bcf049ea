/** One line of a message: its text without the line end, and where it stands; `end` is after the line end. */
export interface Line {
  text: string
  start: number
  end: number
}

/** What is asked about a line looks at its beginning only, so that no pattern takes long. */
const looked = 300
const lineEnds = '\n\r\u2028\u2029'
/** Two words with nothing but a blank between them. */
const sentence = /\p{L}\S* +\S*\p{L}/u
const keywords = new Set(
  'and or not in is if else elif for while with as from import return def class print lambda await async'.split(' '),
)

/** The lines of a text, which together cover it; an empty text has none. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (!lineEnds.includes(character)) continue
    const mark = character === '\r' && text[at + 1] === '\n' ? 2 : 1
    lines.push({ text: text.slice(start, at), start, end: at + mark })
    start = at + mark
    at = start - 1
  }
  if (start < text.length) lines.push({ text: text.slice(start), start, end: text.length })
  return lines
}

/** The beginning of a line, as patterns see it. */
export const headOf = (line: string): string => (line.length > looked ? line.slice(0, looked) : line)

/** A line without what stands in quotes (each becomes `""`) and without its comment. */
export function withoutQuotes(line: string): string {
  let bare = ''
  let quote = ''
  for (const character of headOf(line)) {
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || (character === "'" && !/[\p{L}\p{N}]$/u.test(bare.slice(-2)))) {
      quote = character
      bare += '""'
    } else if (character === '#') break
    else bare += character
  }
  return bare
}

/** How many plain words stand in a row at most, quotes, comments and Python's keywords aside. */
export function wordsInRow(line: string): number {
  if (!sentence.test(headOf(line))) return /\p{L}/u.test(headOf(line)) ? 1 : 0
  let most = 0
  let row = 0
  for (const token of withoutQuotes(line).split(/\s+/)) {
    const plain = /^[(]?\p{L}[\p{L}'’-]*[.,;:!?)]*$/u.test(token) && !keywords.has(token)
    row = plain ? row + 1 : 0
    most = Math.max(most, row)
  }
  return most
}

/** How far a line is indented, up to 300; a tab counts as four blanks. */
export function indentOf(line: string): number {
  let width = 0
  for (let at = 0; at < line.length && width < looked; at += 1) {
    if (line[at] === ' ') width += 1
    else if (line[at] === '\t') width += 4
    else break
  }
  return width
}

/** By how much a line opens (above 0) or closes brackets, outside quotes. */
export function bracketsOf(line: string): number {
  let open = 0
  for (const character of withoutQuotes(line)) {
    if ('([{'.includes(character)) open += 1
    else if (')]}'.includes(character)) open -= 1
  }
  return open
}
