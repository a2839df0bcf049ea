import type { Candidate, Change } from './changes.ts'
import type { Line } from './source.ts'
import type { Spot } from './spot.ts'
import type { Token } from './tokens.ts'

const maxLine = 400

/** Ways to mend the quotation marks near the place where Python stops. */
export function stringCandidates(spot: Spot): Candidate[] {
  const lines = spot.near.filter(line => line.text.length <= maxLine)
  const { tokens } = spot.source
  const known = new Set(tokens.filter((_, index) => tokens[index + 1]?.text === '=').map(({ text }) => text))
  return [
    ...lines.flatMap(line => [
      ...openStrings(line, known),
      ...innerQuotes(line),
      ...otherQuote(line),
      ...bareText(line),
    ]),
    ...tripleQuotes(spot),
    ...backslashes(lines),
    ...lines.flatMap(formatted),
  ]
}

const quoteOf = (token: Token): string => /"""|'''|"|'/.exec(token.text)?.[0] ?? '"'
const insert = (at: number, text: string): Change => ({ at, end: at, text })
const single = (name: string, change: Change, cost: number, look?: number): Candidate => ({
  class: name,
  changes: [change],
  cost,
  ...(look === undefined ? {} : { look }),
})

/** A string that its line does not end: closed at the end of the line, or before what looks like code. */
function openStrings(line: Line, known: ReadonlySet<string>): Candidate[] {
  const token = line.tokens.find(({ kind, open }) => kind === 'string' && open === true)
  if (token === undefined || quoteOf(token).length === 3) return []
  const quote = quoteOf(token)
  const end = Math.min(token.end, line.end)
  const text = token.text.slice(0, end - token.at).trimEnd()
  const from = token.at + text.length
  const tail = /[)\]}:,;\s]*$/.exec(text)?.[0] ?? ''
  const found = Array.from({ length: tail.length + 1 }, (_, back) =>
    single('unclosed-string', insert(from - back, quote), 1.05 + (back === tail.length ? 0 : 0.08), token.at),
  )
  for (const match of text
    .slice(1)
    .matchAll(/[,+)\]}:=%]|\s(?:in|and|or|if|for|else)\b|\.(?:format|join|split|upper|lower)\(/g))
    if (found.length < 24)
      found.push(
        single('unclosed-string', insert(token.at + 1 + match.index, quote), match[0] === ',' ? 1.3 : 1.4, token.at),
      )
  found.push(single('stray-quote', { at: token.at, end: token.at + 1, text: '' }, 1.25))
  if (text.endsWith(`\\${quote}`) || text.includes(`\\${quote}`)) {
    const at = token.at + text.lastIndexOf(`\\${quote}`)
    found.push(single('backslash-before-quote', insert(at, '\\'), 0.9))
  }
  return [...found, ...openingMissing(line, token, known)]
}

/** The quote that closes was typed, the one that opens was not: `print(hello")`. */
function openingMissing(line: Line, token: Token, known: ReadonlySet<string>): Candidate[] {
  const before = line.tokens.filter(({ at }) => at < token.at).slice(-12)
  return before.map((one, index) =>
    single(
      'string-without-opening-quote',
      insert(one.at, quoteOf(token)),
      /^[=(,[{:+]$/.test(before[index - 1]?.text ?? '') ||
        /^(?:print|return|in|case)$/.test(before[index - 1]?.text ?? '')
        ? known.has(one.text) || one.kind === 'number'
          ? 1.35
          : 1.1
        : 1.5,
    ),
  )
}

/** Quotes of the same kind inside a string: an apostrophe, or speech. */
function innerQuotes(line: Line): Candidate[] {
  const found: Candidate[] = []
  for (const quote of ['"', "'"]) {
    const other = quote === '"' ? "'" : '"'
    const places = [...line.text.matchAll(new RegExp(quote, 'g'))].map(match => line.at + match.index)
    const [first, last] = [places[0], places.at(-1)]
    if (places.length < 3 || places.length > 12 || first === undefined || last === undefined) continue
    const rare = isBroken(line) ? 0 : 0.8
    const inner = places.slice(1, -1)
    const apostrophe = inner.length === 1
    const name = apostrophe && quote === "'" ? 'apostrophe-in-string' : 'quotes-inside-string'
    const ends = [first, last].map(at => ({ at, end: at + 1, text: other }))
    if (!line.text.slice(first - line.at, last - line.at).includes(other))
      found.push({ class: name, changes: ends, cost: 1.2 + rare, look: inner[0] ?? first })
    found.push({ class: name, changes: inner.map(at => insert(at, '\\')), cost: 1.3 + rare + inner.length * 0.1 })
    found.push({
      class: name,
      changes: inner.map(at => ({ at, end: at + 1, text: other })),
      cost: 1.35 + rare + inner.length * 0.1,
    })
    for (const at of inner.slice(0, 6)) found.push({ class: name, changes: [insert(at, '\\')], cost: 1.35 + rare })
    for (const at of places.slice(0, 8)) found.push(single('stray-quote', { at, end: at + 1, text: '' }, 1.5 + rare))
  }
  return found
}

/** Whether a string of the line does not end, or touches a name: then a quotation mark inside ends it too early. */
const isBroken = ({ tokens }: Line): boolean =>
  tokens.some((token, index) => {
    const next = tokens[index + 1]
    if (token.kind === 'string')
      return token.open === true || (next?.at === token.end && /^(?:name|keyword|number|string)$/.test(next.kind))
    return next?.kind === 'string' && next.at === token.end && token.kind === 'name' && next.text.length > 2
  })

/** A string that another quote closes than the one that opened it. */
function otherQuote(line: Line): Candidate[] {
  const token = line.tokens.find(({ kind, open }) => kind === 'string' && open === true)
  if (token === undefined) return []
  const quote = quoteOf(token)[0] ?? '"'
  const other = quote === '"' ? "'" : '"'
  const text = line.text.slice(token.at - line.at)
  const at = text.lastIndexOf(other)
  if (at === -1) return []
  const next = text.indexOf(other)
  const start = token.at + text.indexOf(quote)
  return [
    single('quotes-of-two-kinds', { at: token.at + at, end: token.at + at + 1, text: quote }, 0.95, token.at + at),
    single('quotes-of-two-kinds', { at: token.at + next, end: token.at + next + 1, text: quote }, 1, token.at + next),
    single('quotes-of-two-kinds', { at: start, end: start + 1, text: other }, 1.02, token.at + at),
  ]
}

/** Words that stand where a text was meant: `print(Hello world)`. */
function bareText(line: Line): Candidate[] {
  const found: Candidate[] = []
  const pattern =
    /(?<=[(=,[]\s*|\b(?:print|return)\s+)[\p{L}][\p{L}\p{N}' ]*(?:[ ,][\p{L}\p{N}!?.', ]+)+[!?.]*(?=\s*[),\]]|\s*$)/gu
  for (const match of line.masked.matchAll(pattern)) {
    if (/\b(?:if|else|for|and|or|lambda|yield|await)\b/.test(match[0])) continue
    const at = line.at + match.index
    const end = at + match[0].trimEnd().length
    if (found.length < 4)
      found.push({ class: 'text-without-quotes', changes: [insert(at, '"'), insert(end, '"')], cost: 1.7, look: at })
  }
  return found
}

/** A string of several lines that nothing ends. */
function tripleQuotes({ source, line }: Spot): Candidate[] {
  const token = source.tokens.findLast(
    ({ kind, open, text }) => kind === 'string' && open === true && /^\w*("""|''')/.test(text),
  )
  if (token === undefined) return []
  const quote = quoteOf(token)
  const body = token.text
  const ends = new Set<number>()
  for (const match of body.matchAll(/\n/g)) {
    if (ends.size >= 12) break
    ends.add(token.at + match.index)
  }
  const blank = /\n[ \t]*\n/.exec(body)?.index
  if (blank !== undefined) ends.add(token.at + blank)
  ends.add(token.at + body.trimEnd().length)
  const close = [...ends].map((at, index) =>
    single('unclosed-triple-quotes', insert(at, quote), 1.1 + index * 0.02, token.at),
  )
  const short = [...body.matchAll(/(?<!")""(?!")|(?<!')''(?!')/g)].slice(0, 3)
  const finish = short.map(match =>
    single('unclosed-triple-quotes', insert(token.at + match.index, quote[0] ?? '"'), 0.95, token.at + match.index),
  )
  const opener = token.at + body.indexOf(quote)
  return [
    ...close,
    ...finish,
    single('stray-quote', { at: opener, end: opener + 3, text: '' }, line.number > 0 ? 1.6 : 2),
  ]
}

/** Backslashes that begin no escape: a path of Windows. */
function backslashes(lines: readonly Line[]): Candidate[] {
  return lines.flatMap(line =>
    line.tokens
      .filter(({ kind, text }) => kind === 'string' && text.includes('\\'))
      .slice(0, 4)
      .flatMap(token => [
        single('backslash-escape', insert(token.at, 'r'), 1),
        ...(/\\["']$/.test(token.text) ? [single('backslash-before-quote', insert(token.end - 1, '\\'), 0.9)] : []),
      ]),
  )
}

/** Braces of an f-string that do not pair. */
function formatted(line: Line): Candidate[] {
  return line.tokens
    .filter(({ kind, text }) => kind === 'string' && text.length <= 1_000 && /^[rRbB]?[fFtT]/.test(text))
    .slice(0, 4)
    .flatMap(token => [...formattedBraces(token), ...formattedInside(token)])
}

function formattedBraces(token: Token): Candidate[] {
  const found: Candidate[] = []
  const head = /^[a-zA-Z]*["']+/.exec(token.text)?.[0].length ?? 0
  const open = [...token.text.matchAll(/\{/g)].map(({ index }) => token.at + index)
  const close = [...token.text.matchAll(/\}/g)].map(({ index }) => token.at + index)
  for (const at of open.slice(0, 8)) {
    const rest = token.text.slice(at - token.at + 1)
    const word = /^\s*[\w.]+(?:\[[^\]]*\]|\([^)]*\))?/.exec(rest)?.[0].length ?? 0
    const stop = /["']?$/.exec(rest)?.index ?? rest.length
    const ends = [...new Set([word, /[\s,!?;:"'<]/.exec(rest)?.index ?? stop, stop])]
    found.push(...ends.map(end => single('fstring-brace-open', insert(at + 1 + end, '}'), 1.1, at)))
    found.push(single('fstring-brace-open', insert(at, '{'), 1.6))
    found.push(single('fstring-brace-open', { at, end: at + 1, text: '' }, 1.7))
  }
  for (const at of close.slice(0, 8)) {
    found.push(single('fstring-brace-stray', { at, end: at + 1, text: '' }, 1.2))
    found.push(single('fstring-brace-stray', insert(at, '}'), 1.4))
    const word = /[\w.()[\]]+$/.exec(token.text.slice(head, at - token.at))?.[0].length ?? 0
    if (word > 0) found.push(single('fstring-brace-stray', insert(at - word, '{'), 1.05))
  }
  return found
}

/** What stands inside the braces: nothing, a format that is none, several words. */
function formattedInside(token: Token): Candidate[] {
  const found: Candidate[] = []
  for (const match of token.text.matchAll(/\{([^{}]*)\}/g)) {
    if (found.length >= 16) break
    const at = token.at + match.index
    const inside = match[1] ?? ''
    const end = at + match[0].length
    const as = (name: string, text: string, cost: number): number =>
      found.push(single(name, { at: at + 1, end: end - 1, text }, cost))
    if (inside.trim() === '') found.push(single('fstring-empty', { at, end, text: '{{}}' }, 1.2))
    if (/[!:]\s*$/.test(inside)) as('fstring-conversion', inside.replace(/[!:]\s*$/, ''), 1)
    if (/!(?![rsa=])/.test(inside)) as('fstring-conversion', inside.replace(/!(?!=).*$/, ''), 1.1)
    if (/^\s*\$/.test(inside)) as('fstring-inside', inside.replace('$', ''), 1)
    if (/\w\s+\w/.test(inside)) {
      as('fstring-inside', inside.replaceAll(/(\w)\s+(?=\w)/g, '$1_'), 1.3)
      as('fstring-inside', inside.replaceAll(/(\w)\s+(?=\w)/g, '$1, '), 1.5)
    }
    as('fstring-inside', inside.replaceAll(/(?<![=!<>])=(?![=\s}])/g, '=='), 1.5)
    as('fstring-inside', inside.replaceAll(/[^\w.]+$/g, ''), 1.5)
    found.push({ class: 'fstring-inside', changes: [insert(at, '{'), insert(end, '}')], cost: 2.4 })
  }
  return found
}
