import { stemmer } from 'stemmer'
import { isNoise } from './terms.ts'

const minLength = 4
/** The minimum of letters of a word that may lack one: a shorter one becomes another word (even, event). */
const minLengthOfLack = 5

/**
 * Whether one word is the other with a slip of the fingers: two neighbours swapped, or a letter too many or too few.
 * Another letter in one place makes another word more often than a slip (lands, lanes).
 */
function isSlip(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  const extra = long.length - short.length
  let at = 0
  while (at < short.length && long[at] === short[at]) at += 1
  const tail = long.slice(at + 2)
  if (extra === 0) return short === `${long.slice(0, at)}${long[at + 1] ?? ''}${long[at] ?? ''}${tail}`
  return extra === 1 && short.length >= minLengthOfLack && short === long.slice(0, at) + long.slice(at + 1)
}

/** Replaces each word that is not known, but a slip away from one that is. */
export function slipCorrector(known: readonly string[]): (words: readonly string[]) => string[] {
  const candidates = [...new Set(known)].filter(word => word.length >= minLength)
  const stems = new Set(candidates.map(stemmer))
  const correct = (word: string): string =>
    word.length < minLength || isNoise(word) || stems.has(stemmer(word))
      ? word
      : (candidates.find(candidate => isSlip(word, candidate)) ?? word)
  return words => words.map(correct)
}
