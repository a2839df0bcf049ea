import type { Candidate, Change } from './changes.ts'
import type { Source } from './source.ts'

/** A word that begins with a digit and is no number of Python's: `2nd`, `1st_row`. */
const digitWord = /(?<![\w.])(?!0[xXbBoO])(?!\d[\d_]*(?:[eE]\d+)?[jJ]?(?!\w))(\d{1,6})_?([A-Za-z_]\w{0,60})/g
/** What stands before or after a word that is given a value. */
const bound = {
  before: /^[ \t]*(?:for|def|class|as)[ \t]+$|,[ \t]*$|^[ \t]*$/,
  after: /^[ \t]*(?:=(?!=)|in\b|\(|,|\+=|-=)/,
}
const ordinals: Readonly<Record<string, string>> = {
  '1st': 'first',
  '2nd': 'second',
  '3rd': 'third',
  '4th': 'fourth',
  '5th': 'fifth',
}
const maxWords = 200

/** Names that begin with a digit, renamed wherever they stand, when one of them is given a value. */
export function digitNames({ lines }: Source): Candidate[] {
  const found: (Change & { word: string; bound: boolean })[] = []
  for (const { masked, at } of lines)
    for (const match of masked.matchAll(digitWord)) {
      if (found.length === maxWords) break
      const [word, digits = '', letters = ''] = match
      const end = match.index + word.length
      const isBound = bound.before.test(masked.slice(0, match.index)) && bound.after.test(masked.slice(end))
      found.push({ at: at + match.index, end: at + end, text: renamed(word, digits, letters), word, bound: isBound })
    }
  const names = new Set(found.filter(one => one.bound).map(({ word }) => word))
  const changes = found.filter(({ word }) => names.has(word)).map(({ at, end, text }) => ({ at, end, text }))
  return changes.length === 0 ? [] : [{ class: 'name-begins-with-digit', changes, cost: 0.6 }]
}

function renamed(word: string, digits: string, letters: string): string {
  const [, ordinal = '', rest = ''] = /^(\d(?:st|nd|rd|th))(?![A-Za-z0-9])(.*)$/.exec(word) ?? []
  const named = ordinals[ordinal]
  return named === undefined ? `${letters.replace(/^_+/, '') || '_'}${digits}` : `${named}${rest}`
}
