/** What a token of broken Python is; `other` is a character that no token of Python begins with. */
export type Kind = 'name' | 'keyword' | 'number' | 'string' | 'sign' | 'comment' | 'newline' | 'other'

/** A piece of the program from offset `at` up to `end`. `open`: a string that does not end. */
export interface Token {
  kind: Kind
  text: string
  at: number
  end: number
  open?: true
}

/** Python's keywords. */
export const keywords: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

const blanks = /(?:[ \t\f]|\\\n)+/y
const name = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy
const number = /0[xXoObB][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y
const sign = /\*\*=|\/\/=|>>=|<<=|\.\.\.|[-+*/%&|^@=<>!:]=|\*\*|\/\/|>>|<<|->|[-+*/%&|^~@=<>()[\]{},:;.]/y
const opening = /(?:[rRbBfFuUtT]{1,2})?(?:"""|'''|"|')/y

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** Where the string that opens at `at` ends, and whether it is left open. */
function stringFrom(text: string, at: number, open: string): Pick<Token, 'end' | 'open'> {
  const quote = open.replace(/^[a-zA-Z]+/, '')
  const triple = quote.length === 3
  const formatted = /^[a-zA-Z]*[fFtT]/.test(open)
  const nested = formatted && !triple ? endOfFormatted(text, at + open.length, quote) : undefined
  if (nested !== undefined) return { end: nested }
  for (let place = at + open.length; place < text.length; place += 1) {
    if (text[place] === '\\') place += 1
    else if (!triple && text[place] === '\n') return { end: place, open: true }
    else if (text.startsWith(quote, place)) return { end: place + quote.length }
  }
  return { end: text.length, open: true }
}

/** The end of an f-string of one line, in whose braces other strings may stand (PEP 701). */
function endOfFormatted(text: string, from: number, quote: string): number | undefined {
  let depth = 0
  let inner: string | undefined
  for (let place = from; place < text.length && text[place] !== '\n'; place += 1) {
    const character = text[place] ?? ''
    if (character === '\\') place += 1
    else if (inner !== undefined) inner = character === inner ? undefined : inner
    else if (character === '{') depth += 1
    else if (character === '}') depth = Math.max(0, depth - 1)
    else if (character === quote && depth === 0) return place + 1
    else if (depth > 0 && (character === '"' || character === "'")) inner = character
  }
  return undefined
}

function tokenAt(text: string, at: number): Token {
  const of = (kind: Kind, end: number, open?: true): Token => ({
    kind,
    text: text.slice(at, end),
    at,
    end,
    ...(open === undefined ? {} : { open }),
  })
  if (text[at] === '\n') return of('newline', at + 1)
  if (text[at] === '#') {
    const end = text.indexOf('\n', at)
    return of('comment', end === -1 ? text.length : end)
  }
  const quote = match(opening, text, at)
  if (quote !== undefined) {
    const { end, open } = stringFrom(text, at, quote)
    return of('string', end, open)
  }
  const word = match(name, text, at)
  if (word !== undefined) return of(keywords.has(word) ? 'keyword' : 'name', at + word.length)
  const digits = match(number, text, at)
  if (digits !== undefined) return of('number', at + digits.length)
  const known = match(sign, text, at)
  if (known !== undefined) return of('sign', at + known.length)
  return of('other', at + String.fromCodePoint(text.codePointAt(at) ?? 0).length)
}

/** Reads any text as tokens, without ever failing; blanks and joined lines lie between them. Linear in its length. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    at += match(blanks, text, at)?.length ?? 0
    if (at >= text.length) break
    const token = tokenAt(text, at)
    tokens.push(token)
    at = token.end
  }
  return tokens
}
