import type { Candidate } from './changes.ts'
import type { Spot } from './spot.ts'
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
const replacements: readonly (readonly [text: string, name: string, cost: number])[] = [
  [':', 'colon-other-sign', 1.5],
  [',', 'comma-other-sign', 1.45],
  ['=', 'assignment-other-sign', 1.6],
  ['.', 'comma-other-sign', 1.7],
  ['in', 'loop-in-missing', 1.9],
  [')', 'mismatched-brackets', 1.8],
  ['(', 'mismatched-brackets', 1.8],
]

/** One-token edits around the place where Python stops: what no rule knows. `width` tokens before it are tried. */
export function searchCandidates({ source, token: middle, line }: Spot, width = 4): Candidate[] {
  const found: Candidate[] = []
  const tokens = source.tokens
  const [from, to] = [Math.max(0, middle - width), Math.min(tokens.length - 1, middle + 2)]
  for (let index = from; index <= to; index += 1) {
    const token = tokens[index]
    if (token === undefined || token.kind === 'comment') continue
    const far = (index < middle ? middle - index : (index - middle) * 2) * 0.06
    found.push(...between(tokens[index - 1], token, far, line.number))
    if (token.kind === 'newline') continue
    found.push(removal(token, far))
    if (token.kind === 'sign' || token.kind === 'other')
      for (const [text, name, cost] of replacements)
        if (text !== token.text)
          found.push({
            class: name,
            params: { sign: token.text, put: text },
            changes: [{ at: token.at, end: token.end, text: /^\w/.test(text) ? ` ${text} ` : text }],
            cost: cost + far,
          })
  }
  return found
}

function between(previous: Token | undefined, token: Token, far: number, line: number): Candidate[] {
  const at = previous === undefined || previous.kind === 'newline' ? token.at : previous.end
  return insertions.map(([text, name, cost]) => ({
    class: name,
    params: {
      put: text.trim(),
      before: shown(token),
      after: previous === undefined ? '' : shown(previous),
      at_line: String(line),
    },
    changes: [{ at, end: text.startsWith(' ') ? Math.max(at, token.kind === 'newline' ? at : token.at) : at, text }],
    cost: cost + far,
  }))
}

const shown = ({ kind, text }: Token): string => (kind === 'newline' ? 'the end of the line' : text.slice(0, 30))

function removal(token: Token, far: number): Candidate {
  const name =
    token.kind === 'keyword'
      ? 'word-added'
      : token.kind === 'string' || token.kind === 'number' || token.kind === 'name'
        ? 'name-added'
        : 'sign-added'
  const base = token.kind === 'sign' || token.kind === 'other' ? 1.25 : token.kind === 'keyword' ? 1.7 : 2.1
  return {
    class: name,
    params: { sign: token.text.slice(0, 40) },
    changes: [{ at: token.at, end: token.end, text: '' }],
    cost: base + far,
  }
}
