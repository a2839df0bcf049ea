import type { Candidate } from './changes.ts'
import type { Spot } from './spot.ts'
import { keywords, type Token } from './tokens.ts'

const soft = ['match', 'case', 'print', 'range', 'self', 'input']
const targets = [...keywords, ...soft].filter(word => word.length > 1)
const maxTokens = 40

/** Keywords that are misspelt, in the wrong case, split in two or joined with the next word. */
export function wordCandidates({ near }: Spot): Candidate[] {
  return near.flatMap(line => {
    const tokens = line.tokens.slice(0, maxTokens)
    return tokens.flatMap((token, index) => [
      ...(token.kind === 'name' ? [...misspelt(token, index), ...joined(token)] : []),
      ...split(token, tokens[index + 1], index),
    ])
  })
}

function misspelt(token: Token, index: number): Candidate[] {
  const lower = token.text.toLowerCase()
  return targets.flatMap((word): Candidate[] => {
    if (word === token.text) return []
    const params = { word: token.text, keyword: word }
    const change = { at: token.at, end: token.end, text: word }
    if (lower === word.toLowerCase()) return [{ class: 'keyword-case', params, changes: [change], cost: 0.9 }]
    const far = distance(lower, word.toLowerCase())
    const most = word.length <= 2 ? 1 : word.length <= 4 ? 1 : 2
    if (far > most || (word.length === 2 && lower.length > 3)) return []
    const bias = (index === 0 ? 0 : 0.15) + (word.length <= 2 ? 0.2 : 0) + (far - 1) * 0.2
    return [{ class: 'keyword-misspelt', params, changes: [change], cost: 1 + bias }]
  })
}

function joined(token: Token): Candidate[] {
  return targets.flatMap((word): Candidate[] => {
    const params = { word: token.text, keyword: word }
    const found: Candidate[] = []
    if (token.text.startsWith(word) && token.text.length > word.length)
      found.push({
        class: 'keyword-joined',
        params,
        changes: [{ at: token.at + word.length, end: token.at + word.length, text: ' ' }],
        cost: word.length > 2 || soft.includes(token.text.slice(word.length)) ? 0.95 : 1.2,
      })
    if (word.length > 1 && token.text.endsWith(word) && token.text.length > word.length)
      found.push({
        class: 'keyword-joined',
        params,
        changes: [{ at: token.end - word.length, end: token.end - word.length, text: ' ' }],
        cost: 1.3,
      })
    return found
  })
}

function split(token: Token, next: Token | undefined, index: number): Candidate[] {
  if (next === undefined || !/^\w+$/.test(token.text + next.text)) return []
  const whole = token.text + next.text
  const change = { at: token.end, end: next.at, text: '' }
  if (!targets.includes(whole) || next.at === token.end) return []
  return [
    {
      class: 'keyword-split',
      params: { word: `${token.text} ${next.text}`, keyword: whole },
      changes: [change],
      cost: index === 0 ? 0.95 : 1.1,
    },
  ]
}

/** Damerau's distance with adjacent exchanges; both words are short, and more than three apart is not told exactly. */
export function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 3) return 4
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      next.push(least)
    }
    ;[before, last] = [last, next]
  }
  return last[other.length] ?? 4
}
