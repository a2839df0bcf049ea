import { stemmer } from 'stemmer'
import { phrasesFrom } from './ideas.ts'

/** Words that occur in any question and carry no meaning here. */
const noise = new Set(
  `
  a about after afternoon again ago all already although am an and another any anything are as at away back be
  because been before being both but by came can come comes could day days did do does doing each else evening
  ever every few file files find for from get gets give go got had half has have having he her his hour hours how
  however i if in into is it its just let like make may me might monday more morning most my need never next night
  no not now of off on once one only or our out over own particular per please put rather really should show since
  so some somebody someone something somewhere still such take takes ten than thank thanks that the their them
  then there these they thing things this three to today tomorrow tonight too two up us use used using very want
  wants was we were what when where whether which while who why will with would yes yet you your
`
    .trim()
    .split(/\s+/),
)

/** The words of a text, in lower case; `don't` is one word. */
export const wordsIn = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .match(/[\p{L}\p{N}]+/gu) ?? []

export const isNoise = (word: string): boolean => noise.has(word)

/** The stems (Porter's) of the words that carry meaning, so that `topics` finds `topic` and `grading` finds `grade`. */
export const stemsIn = (text: string): string[] =>
  wordsIn(text)
    .filter(word => !isNoise(word))
    .map(stemmer)

/** The maximum of words between two words of a phrase, as in `shut the whole platform down`. */
const maxGap = 2

/** Where the stems stand that continue a phrase, from `start` on; undefined when one of them is missing. */
function placesOf(sought: readonly string[], stems: readonly string[], start: number): number[] | undefined {
  const places: number[] = []
  for (const stem of sought) {
    const from = (places.at(-1) ?? start - 1) + 1
    const at = stems.slice(from, from + maxGap + 1).indexOf(stem)
    if (at < 0) return undefined
    places.push(from + at)
  }
  return places
}

/**
 * The terms of a text: the stems of its words, and the ideas that its words and phrases stand for, such as `#start`.
 * A word inside a phrase counts only as part of it (`event bus` is no event), unless it names the idea. The longest
 * phrases are taken first.
 */
export function termsOf(text: string): string[] {
  const words = wordsIn(text)
  const stems = words.map(stemmer)
  const phrases = stems
    .flatMap((stem, at) =>
      phrasesFrom(stem)
        .map(({ idea, rest }) => ({ idea, length: rest.length, places: placesOf(rest, stems, at + 1) }))
        .flatMap(({ places, ...phrase }) => (places === undefined ? [] : [{ ...phrase, places: [at, ...places] }])),
    )
    .toSorted((one, other) => other.length - one.length)
  const takenBy = new Map<number, number>()
  const terms: string[] = []
  for (const { idea, length, places } of phrases) {
    if (places.some(at => (takenBy.get(at) ?? length) > length)) continue
    terms.push(`#${idea}`, ...places.map(at => stems[at] ?? '').filter(stem => length > 0 && stem === stemmer(idea)))
    if (length > 0) for (const at of places) takenBy.set(at, length)
  }
  return [...terms, ...stems.filter((_, at) => !takenBy.has(at) && !isNoise(words[at] ?? ''))]
}
