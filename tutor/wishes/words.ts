import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { exerciseLevels } from '../practice/wish.ts'

const Phrases = z.array(z.string().regex(/^[a-z'/ ]+$/, 'letters, blanks, apostrophes and slashes')).min(1)
const Words = z.strictObject({
  numbers: z.record(z.string().regex(/^\d+$/), Phrases),
  nouns: Phrases,
  request: Phrases,
  labels: Phrases,
  units: Phrases,
  places: Phrases,
  levels: z.record(z.enum(exerciseLevels), Phrases),
  without: Phrases,
  between: Phrases,
  either: Phrases,
  filler: Phrases,
  topics: z.array(z.strictObject({ title: z.string(), names: Phrases, concepts: z.array(z.string()).min(1) })).min(1),
})

/** What teachers write when they wish for exercises. */
export const words = Words.parse(parse(readFileSync(new URL('words.yaml', import.meta.url), 'utf8')))

/** A pattern of all these phrases, the longest first. */
export const oneOf = (phrases: readonly string[]): string =>
  phrases
    .toSorted((one, other) => other.length - one.length)
    .map(phrase => phrase.replaceAll(' ', ' +'))
    .join('|')

/** Finds each of these phrases that stands as whole words, the longest of those that begin at one place. */
export const anyOf = (phrases: readonly string[]): RegExp =>
  new RegExp(`(?<![\\w'/])(?:${oneOf(phrases)})(?![\\w'/])`, 'g')

/** Which of these keys the first of their phrases in a text belongs to, and the text without any of them. */
export function finderOf<Key extends string>(
  phrases: Readonly<Record<Key, readonly string[]>>,
): (text: string) => { found: Key | undefined; rest: string } {
  const keys = Object.entries<readonly string[]>(phrases).flatMap(([key, own]) =>
    own.map(one => [one, key as Key] as const),
  )
  const [pattern, keyOf] = [anyOf(keys.map(([phrase]) => phrase)), new Map(keys)]
  return text => {
    const [first] = text.match(pattern) ?? []
    return { found: keyOf.get(first?.replaceAll(/ +/g, ' ') ?? ''), rest: text.replaceAll(pattern, ' ') }
  }
}

/** What is no part of a topic at its beginning and end; "for loops" keep their "for". */
const idle = `(?:(?:${oneOf([...words.filler, ...Object.values(words.numbers).flat()])}|\\d{1,4})(?![\\w'/])(?! +loops?\\b(?<=for +loops?)))`
const idleEnds = new RegExp(`^(?:\\s*${idle})+(?=\\s|$)|(?:(?<![\\w'/])${idle}\\s*)+$`, 'g')

/** A topic as it was written, without the words around it that name none. */
export const topicWords = (text: string): string => text.replaceAll(idleEnds, ' ').replaceAll(/ +/g, ' ').trim()
