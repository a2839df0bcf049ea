import type { Candidate } from './changes.ts'
import type { Line, Source } from './source.ts'
import { lineAt } from './source.ts'
import type { Spot } from './spot.ts'
import type { Token } from './tokens.ts'

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const openers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const names: Readonly<Record<string, string>> = {
  '(': 'parenthesis',
  ')': 'parenthesis',
  '[': 'bracket',
  ']': 'bracket',
  '{': 'brace',
  '}': 'brace',
}
/** Words that begin a statement: inside brackets they show that a bracket before was left open. */
const starts =
  /^(?:def|class|while|with|try|except|finally|return|import|from|elif|pass|break|continue|raise|del|global|print)$/

/** What is wrong with the brackets of a program: left open, closing nothing, or closing another kind. */
export interface BracketFault {
  is: 'open' | 'stray' | 'mismatched'
  token: Token
  /** The bracket that a mismatched one closes. */
  partner?: Token
}

/** Pairs the brackets of a program; a line that begins with a statement's word closes what is open. Linear. */
export function bracketFaults(source: Source): BracketFault[] {
  const faults: BracketFault[] = []
  let open: Token[] = []
  let begins = true
  for (const token of source.tokens) {
    if (token.kind === 'newline') {
      begins = true
      continue
    }
    if (begins && open.length > 0 && starts.test(token.text)) {
      faults.push(...open.map(one => ({ is: 'open' as const, token: one })))
      open = []
    }
    begins = false
    if (token.kind !== 'sign') continue
    if (token.text in closers) open.push(token)
    else if (token.text in openers) {
      const partner = open.pop()
      if (partner === undefined) faults.push({ is: 'stray', token })
      else if (closers[partner.text] !== token.text) faults.push({ is: 'mismatched', token, partner })
    }
  }
  return [...faults, ...open.map(token => ({ is: 'open' as const, token }))].toSorted(
    (one, other) => one.token.at - other.token.at,
  )
}

const maxFaults = 6
const maxPlaces = 24

/** Ways to pair the brackets near the place where Python stops. */
export function bracketCandidates(spot: Spot): Candidate[] {
  const { source, at } = spot
  const close = bracketFaults(source)
    .map(fault => ({ fault, far: Math.abs(fault.token.at - at) }))
    .toSorted((one, other) => one.far - other.far)
    .slice(0, maxFaults)
  return close.flatMap(({ fault }, rank) => {
    const found =
      fault.is === 'open'
        ? closings(source, fault.token)
        : fault.is === 'stray'
          ? strays(source, fault.token)
          : swaps(source, fault)
    return found.map(one => ({ ...one, cost: one.cost + rank * 0.15 }))
  })
}

/** Places where a bracket that is left open may be closed: the likeliest first. */
function closings(source: Source, token: Token): Candidate[] {
  const put = closers[token.text] ?? ''
  const kind = `unclosed-${names[token.text]}`
  const line = lineAt(source, token.at)
  if (line === undefined) return []
  const after = line.tokens.filter(one => one.at > token.at)
  const header = /^\s*(?:async\s+)?(?:if|elif|while|for|def|class|with|except|else|match|case)\b/.test(line.masked)
  const last = after.at(-1)
  const inside = after.slice(0, maxPlaces).map((one, index): Candidate => {
    const next = after[index + 1]
    const beforeColon = next === last && last?.text === ':' && header
    const ends = beforeColon || (next === undefined && one.text !== ':')
    const natural = next === undefined || /^(?:[=<>!]=|[<>+*/%-]|and|or|if|else|:|\.|for|in|\)|\]|\})$/.test(next.text)
    return closing(kind, token, one.end, put, ends ? 1 : natural ? 1.25 : 1.6)
  })
  const empty = closing(kind, token, token.end, put, after.length === 0 ? 1 : 1.5)
  const remove: Candidate = {
    class: kind,
    params: { sign: token.text },
    changes: [{ at: token.at, end: token.end, text: '' }],
    cost: 1.7,
  }
  return [...inside, empty, ...laterEnds(source, line, token, kind, put), remove]
}

/** The ends of the next lines, for a bracket that spans several. */
function laterEnds(source: Source, line: Line, token: Token, kind: string, put: string): Candidate[] {
  const found: Candidate[] = []
  for (const next of source.lines.slice(line.number, line.number + 40)) {
    if (next.blank) continue
    if (starts.test(next.tokens[0]?.text ?? '')) break
    const end = next.tokens.at(-1)
    if (end === undefined) continue
    const base = next.width > line.width || /^[)\]}]/.test(end.text) ? 1.2 : 1.9
    found.push(closing(kind, token, end.text === ',' ? end.at : end.end, put, base + found.length * 0.02))
    if (found.length >= 12) break
  }
  return found
}

const closing = (kind: string, token: Token, at: number, put: string, cost: number): Candidate => ({
  class: kind,
  params: { sign: token.text, closer: put },
  changes: [{ at, end: at, text: put }],
  cost,
  look: token.at,
})

/** A name that two known names make when an opening bracket is put between: `stockarticle]`. */
function splits(source: Source, before: readonly Token[], opener: string): { at: number }[] {
  const names = new Set(source.tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text))
  return before.slice(-6).flatMap(({ text, at, kind }) =>
    kind !== 'name' || text.length > 60
      ? []
      : Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => index + 1)
          .filter(size => names.has(text.slice(0, size)) && (names.has(text.slice(size)) || opener !== '('))
          .map(size => ({ at: at + size })),
  )
}

function strays(source: Source, token: Token): Candidate[] {
  const opener = openers[token.text] ?? ''
  const params = { sign: token.text, opener }
  const line = lineAt(source, token.at)
  const before = (line?.tokens ?? []).filter(one => one.at < token.at).slice(-maxPlaces)
  const opens = before.map((one, index): Candidate => {
    const previous = before[index - 1]
    const joins = previous?.end === one.at || previous?.kind === 'name'
    return {
      class: `unopened-${names[token.text]}`,
      params,
      changes: [{ at: joins ? previous.end : one.at, end: one.at, text: opener }],
      cost:
        previous?.kind === 'name' && !(one.text in closers)
          ? 1.05
          : previous?.text === '=' && !(one.text in closers)
            ? opener === '('
              ? 1.05
              : 0.95
            : previous?.kind === 'keyword'
              ? 1.3
              : 1.6,
    }
  })
  return [
    { class: `stray-${names[token.text]}`, params, changes: [{ at: token.at, end: token.end, text: '' }], cost: 1 },
    ...opens,
    ...splits(source, before, opener).map(({ at }): Candidate => ({
      class: `unopened-${names[token.text]}`,
      params,
      changes: [{ at, end: at, text: opener }],
      cost: 0.85,
    })),
  ]
}

function swaps(source: Source, { token, partner }: BracketFault): Candidate[] {
  if (partner === undefined) return []
  const right = closers[partner.text] ?? ''
  const params = { sign: token.text, opener: partner.text, closer: right }
  const one = (at: number, end: number, text: string, cost: number): Candidate => ({
    class: 'mismatched-brackets',
    params,
    changes: [{ at, end, text }],
    cost,
  })
  const same = source.tokens.length > 0 ? [one(token.at, token.end, right, 1)] : []
  return [
    ...same,
    {
      ...one(token.at, token.at, right, 1.05),
      class: `unclosed-${names[partner.text]}`,
      params: { sign: partner.text, closer: right },
      look: partner.at,
    },
    one(partner.at, partner.end, openers[token.text] ?? '', 1.15),
    { ...one(token.at, token.end, '', 1.3), class: `stray-${names[token.text]}` },
    {
      ...one(partner.at, partner.end, '', 1.4),
      class: `unclosed-${names[partner.text]}`,
      params: { sign: partner.text, closer: right },
    },
  ]
}
