import type { Candidate } from './changes.ts'
import type { Spot } from './spot.ts'
import type { Line } from './source.ts'
import type { Token } from './tokens.ts'

/** What is tried between two tokens, with the class that it means and what it costs. */
const insertions: readonly (readonly [text: string, name: string, cost: number])[] = [
  [':', 'colon-missing', 1.15],
  [',', 'comma-missing', 1.15],
  [')', 'unclosed-parenthesis', 1.5],
  [']', 'unclosed-bracket', 1.6],
  ['(', 'unopened-parenthesis', 1.6],
  [' = ', 'assignment-sign-missing', 1.5],
  ['.', 'point-missing', 1.45],
  [' + ', 'operator-missing', 1.4],
  [' * ', 'operator-missing', 1.6],
  [' == ', 'operator-missing', 1.6],
  [' in ', 'loop-in-missing', 1.6],
  [' and ', 'operator-missing', 1.7],
  ['; ', 'statements-on-one-line', 1.75],
  [' if ', 'word-missing', 1.9],
  [' as ', 'word-missing', 1.9],
  [' import ', 'word-missing', 1.9],
  [' not ', 'word-missing', 2],
  ['"', 'stray-quote', 2],
]
/** Signs that are taken for others, with what they stand for. */
const replacements: readonly (readonly [old: string, text: string, name: string, cost: number])[] = [
  [';', ':', 'colon-other-sign', 1.2],
  ['.', ':', 'colon-other-sign', 1.5],
  [',', ':', 'colon-other-sign', 1.5],
  [';', ',', 'comma-other-sign', 1.15],
  [':', ',', 'comma-other-sign', 1.15],
  ['.', ',', 'comma-other-sign', 1.3],
  [',', '.', 'comma-other-sign', 1.4],
  ['-', '=', 'assignment-other-sign', 1.5],
  ['+', '=', 'assignment-other-sign', 1.6],
  [':', '=', 'assignment-other-sign', 1.5],
  ['==', '=', 'comparison-for-assignment', 1.3],
  ['=', ' in ', 'loop-in-missing', 1.9],
  ['(', '[', 'index-in-other-brackets', 1.8],
  ['-', '_', 'name-with-hyphen', 1.6],
]

/** One-token edits around the place where Python stops: what no rule knows. `width` tokens before it are tried. */
export function searchCandidates({ source, token: middle, line }: Spot, width = 4): Candidate[] {
  const found: Candidate[] = []
  const tokens = source.tokens
  const depths = depthsOf(tokens)
  const [from, to] = [Math.max(0, middle - width), Math.min(tokens.length - 1, middle + 2)]
  for (let index = from; index <= to; index += 1) {
    const token = tokens[index]
    if (token === undefined || token.kind === 'comment') continue
    const far = (index < middle ? middle - index : (index - middle) * 2) * 0.06
    const depth = depths[index] ?? 0
    found.push(...between(tokens[index - 1], token, { far, depth, line }))
    if (token.kind === 'newline') continue
    found.push(removal(token, far))
    if (
      tokens[index - 1]?.text === token.text &&
      /^\w|^["']/.test(token.text) &&
      !/^(?:in|and|or|not|is)$/.test(token.text)
    )
      found.push({ ...removal(token, 0), class: 'word-twice', cost: 1 })
    for (const [old, text, name, cost] of replacements)
      if (old === token.text)
        found.push({
          class: name,
          params: { sign: old, put: text.trim() },
          changes: [{ at: token.at, end: token.end, text }],
          cost: cost + far + (text === ',' && depth === 0 ? 1 : 0),
        })
  }
  return found
}

/** How many brackets are open before each token; a line that begins with a statement's word closes all. */
function depthsOf(tokens: readonly Token[]): number[] {
  let depth = 0
  return tokens.map((token, index) => {
    const begins = tokens[index - 1]?.kind === 'newline' && statement.test(token.text)
    if (begins) depth = 0
    const before = depth
    if (/^[([{]$/.test(token.text)) depth += 1
    else if (/^[)\]}]$/.test(token.text)) depth = Math.max(0, depth - 1)
    return before
  })
}

const statement = /^(?:def|class|if|elif|else|for|while|with|try|except|finally|return|import|from|print)$/
const header = /^\s*(?:async\s+)?(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case)\b/

interface Gap {
  far: number
  depth: number
  line: Line
}

function between(previous: Token | undefined, token: Token, { far, depth, line }: Gap): Candidate[] {
  const at = previous === undefined || previous.kind === 'newline' ? token.at : previous.end
  const touching = previous?.end === token.at ? 0.3 : 0
  const after = previous === undefined || previous.kind === 'newline' ? '' : shown(previous)
  return insertions.map(([text, name, cost]) => ({
    class: name,
    params: { put: text.trim(), before: shown(token), after, at_line: String(line.number) },
    changes: [{ at, end: text.startsWith(' ') ? Math.max(at, token.kind === 'newline' ? at : token.at) : at, text }],
    cost: cost + far + touching + unlikely(text, token, depth, line) - likely(text, previous, depth, line),
  }))
}

/** What speaks for an insertion: a name at the begin of a line before a value, a condition in a comprehension. */
function likely(text: string, previous: Token | undefined, depth: number, line: Line): number {
  if (previous === undefined) return 0
  if (text === ' = ') {
    const before = line.masked.slice(0, Math.max(0, previous.end - line.at))
    const target =
      /^\s*[A-Za-z_][\w.,[\] ]*$/.test(before) && previous.kind !== 'keyword' && !/\bin\b|\bif\b/.test(before)
    return target && !/=/.test(line.masked) ? 0.4 : 0
  }
  if (text === ' if ') return depth > 0 && /\bfor\b.*\bin\b/.test(line.masked.slice(0, previous.at - line.at)) ? 0.7 : 0
  return 0
}

/** What makes an insertion unlikely: a comma outside brackets, a colon where no header ends. */
function unlikely(text: string, token: Token, depth: number, line: Line): number {
  const ends = token.kind === 'newline' || token.kind === 'comment'
  if (text === ',') return depth > 0 ? 0 : 0.8
  if (text === ':') {
    const isHeader = header.test(line.masked) || /\blambda\b/.test(line.masked)
    return isHeader ? (ends ? -0.1 : token.text === '(' ? 0.9 : depth === 0 ? 0.2 : 0.6) : depth > 0 ? 0.25 : 1
  }
  return 0
}

const shown = ({ kind, text }: Token): string => (kind === 'newline' ? 'the end of the line' : text.slice(0, 30))

function removal(token: Token, far: number): Candidate {
  const name =
    token.kind === 'keyword'
      ? 'word-added'
      : token.kind === 'string' || token.kind === 'number' || token.kind === 'name'
        ? 'name-added'
        : 'sign-added'
  const base =
    token.kind === 'sign' || token.kind === 'other'
      ? /^(?:[,;:`?$~!)\]}.]|\.\.\.)$/.test(token.text)
        ? 1.25
        : 1.5
      : token.kind === 'keyword'
        ? 1.7
        : 2.1
  return {
    class: name,
    params: { sign: token.text.slice(0, 40) },
    changes: [{ at: token.at, end: token.end, text: '' }],
    cost: base + far,
  }
}
