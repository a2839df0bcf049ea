import { distance } from '../../schemas/distance.ts'
import { isOutside, stemOf, type Word, weightOf, wordsOf } from './words.ts'

/** A way to say a topic, and how sure it is, 0 to 1. */
export interface Phrase {
  topic: string
  text: string
  trust: number
}

/**
 * A topic with its score; `explained` is the part of the question's weight that its best phrase accounts for, and
 * `terms` the number of words and pairs of that phrase.
 */
export interface Found {
  topic: string
  score: number
  explained: number
  terms: number
}

interface Indexed {
  topic: string
  trust: number
  weight: number
  terms: readonly string[]
}

/** Finds the topics whose phrases a question holds. */
export interface PhraseIndex {
  find(question: readonly Word[]): Found[]
  /** The question's words with typing mistakes replaced by words that the phrases have. */
  mended(question: readonly Word[]): Word[]
  has(stem: string): boolean
}

const pair = (one: string, other: string): string => `${one} ${other}`
const pairWeight = 0.7

function termsOf(words: readonly string[]): string[] {
  const pairs = words.slice(1).map((word, at) => pair(words[at] ?? '', word))
  return [...new Set([...words, ...pairs])]
}

/**
 * An inverted index over words and neighbouring pairs of words. A phrase scores the weight of its terms in the
 * question times the share of its weight that these are, so that the longest phrase that is there entirely wins; terms
 * weigh their inverse document frequency over topics (Robertson and Zaragoza 2009).
 */
export function indexPhrases(phrases: readonly Phrase[]): PhraseIndex {
  const read = phrases
    .map(({ topic, text, trust }) => ({ topic, trust, terms: termsOf(wordsOf(text).map(({ stem }) => stem)) }))
    .filter(({ terms }) => terms.length > 0)
  const topicsOf = new Map<string, Set<string>>()
  for (const { topic, terms } of read)
    for (const term of terms) topicsOf.set(term, (topicsOf.get(term) ?? new Set()).add(topic))
  const topics = new Set(read.map(({ topic }) => topic)).size
  const weight = (term: string): number => {
    const rarity = Math.log(1 + topics / (topicsOf.get(term)?.size ?? 0.5))
    const words = term.split(' ')
    return rarity * Math.max(...words.map(weightOf)) * (words.length === 1 ? 1 : pairWeight)
  }
  const indexed: Indexed[] = read.map(one => ({ ...one, weight: sum(one.terms.map(weight)) }))
  const holding = new Map<string, Indexed[]>()
  for (const phrase of indexed)
    for (const term of phrase.terms) holding.set(term, [...(holding.get(term) ?? []), phrase])
  const vocabulary = new Set(
    phrases.flatMap(({ text }) => wordsOf(text).map(({ written }) => written)).filter(word => /^[a-z]{4,}$/.test(word)),
  )
  return {
    find: question => findIn(termsOf(question.map(({ stem }) => stem)), holding, weight),
    mended: question => question.map(word => mend(word, topicsOf, [...vocabulary])),
    has: stem => topicsOf.has(stem),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

function findIn(
  asked: readonly string[],
  holding: ReadonlyMap<string, readonly Indexed[]>,
  weight: (term: string) => number,
): Found[] {
  const matched = new Map<Indexed, number>()
  const single = asked.filter(term => !term.includes(' '))
  for (const term of asked)
    for (const phrase of holding.get(term) ?? []) matched.set(phrase, (matched.get(phrase) ?? 0) + weight(term))
  const total = sum(single.map(term => Math.min(weight(term), 4.5)))
  const best = new Map<string, Found & { sum: number }>()
  for (const [phrase, held] of matched) {
    const own = sum(phrase.terms.filter(term => single.includes(term)).map(term => Math.min(weight(term), 4.5)))
    const known = best.get(phrase.topic)
    const explained = total === 0 ? 0 : own / total
    const covered = held / phrase.weight
    // A question that is nothing but the phrase is about it, however common its words are.
    const whole = covered > 0.99 && explained > 0.99 ? 4 : 0
    const score = held * covered ** 1.5 * phrase.trust + whole * phrase.trust
    const terms = phrase.terms.length
    if (known === undefined) best.set(phrase.topic, { topic: phrase.topic, score, explained, terms, sum: score })
    else {
      known.sum += score
      if (score > known.score) Object.assign(known, { score, explained, terms })
    }
  }
  return Array.from(best.values(), ({ topic, score, explained, terms, sum }) => ({
    topic,
    score: score + 0.1 * Math.min(sum - score, score),
    explained,
    terms,
  })).toSorted((one, other) => other.score - one.score)
}

/** The word, or a known one with one letter more, less, other or exchanged (two for eight letters and more). */
function mend(word: Word, known: ReadonlyMap<string, unknown>, vocabulary: readonly string[]): Word {
  const { stem, written } = word
  if (known.has(stem) || isOutside(word) || !/^[a-z]{4,30}$/.test(written)) return word
  const allowed = written.length >= 8 ? 2 : 1
  const near = vocabulary
    .filter(one => one[0] === written[0] && Math.abs(one.length - written.length) <= allowed)
    .map(one => ({ one, edits: edits(one, written) }))
    .filter(({ edits }) => edits <= allowed)
    .toSorted((first, second) => first.edits - second.edits)[0]
  return near === undefined ? word : { stem: stemOf(near.one), written: near.one }
}

/** The edits between two words, of which an exchange of letters is one. */
const edits = (one: string, other: string): number => (letters(one) === letters(other) ? 1 : distance(one, other))

const letters = (word: string): string => Array.from(word).toSorted().join('')
