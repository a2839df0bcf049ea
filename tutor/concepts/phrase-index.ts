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
/** What a word counts at most in the weight of a question, and what one counts that no phrase has. */
const [heaviest, unknown] = [4.5, 2]

function termsOf(words: readonly string[]): string[] {
  const pairs = words.slice(1).map((word, at) => pair(words[at] ?? '', word))
  return [...new Set([...words, ...pairs])]
}

/**
 * An inverted index over words and neighbouring pairs of words. A topic scores by its best phrase, and a little by all of
 * them together. A phrase scores the weight of its terms in the
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
  const weights = new Map<string, number>()
  const weigh = (term: string): number => {
    const rarity = Math.log(1 + topics / (topicsOf.get(term)?.size ?? 0.5))
    const words = term.split(' ')
    const own = Math.max(...words.map(weightOf))
    // Two keywords beside each other say what neither says alone.
    return rarity * (words.length === 1 ? own : pairWeight * Math.max(own, 0.5))
  }
  const weight = (term: string): number => {
    const known = weights.get(term) ?? weigh(term)
    if (topicsOf.has(term)) weights.set(term, known)
    return known
  }
  const indexed: Indexed[] = read.map(one => ({ ...one, weight: sum(one.terms.map(weight)) }))
  const holding = new Map<string, Indexed[]>()
  for (const phrase of indexed)
    for (const term of phrase.terms) holding.set(term, [...(holding.get(term) ?? []), phrase])
  const vocabulary = vocabularyOf(phrases)
  const counts = countTerms(indexed)
  return {
    find: question => findIn(termsOf(question.map(({ stem }) => stem)), holding, counts, weight),
    mended: question => question.map(word => mend(word, topicsOf, vocabulary)),
    has: stem => topicsOf.has(stem),
  }
}

/** How often each topic has a term in its phrases, by term; sure phrases count more. */
function countTerms(phrases: readonly Indexed[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const counts = new Map<string, Map<string, number>>()
  for (const { topic, trust, terms } of phrases)
    for (const term of terms) {
      const ofTerm = counts.get(term) ?? new Map<string, number>()
      counts.set(term, ofTerm.set(topic, (ofTerm.get(topic) ?? 0) + trust))
    }
  return counts
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

function findIn(
  asked: readonly string[],
  holding: ReadonlyMap<string, readonly Indexed[]>,
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  weight: (term: string) => number,
): Found[] {
  const matched = new Map<Indexed, number>()
  const single = new Set(asked.filter(term => !term.includes(' ')))
  for (const term of asked)
    for (const phrase of holding.get(term) ?? []) matched.set(phrase, (matched.get(phrase) ?? 0) + weight(term))
  const total = sum(Array.from(single, term => Math.min(weight(term), holding.has(term) ? heaviest : unknown)))
  const best = new Map<string, Found>()
  for (const [phrase, held] of matched) {
    const covered = held / phrase.weight
    const known = best.get(phrase.topic)
    const part = held * covered ** 1.5 * phrase.trust
    if (covered <= 0.99 && known !== undefined && part <= known.score) continue
    const own = sum(phrase.terms.filter(term => single.has(term)).map(term => Math.min(weight(term), heaviest)))
    const explained = total === 0 ? 0 : own / total
    // A question that is nothing but the phrase is about it, however common its words are.
    const score = part + (covered > 0.99 && explained > 0.99 ? 4 * phrase.trust : 0)
    const terms = phrase.terms.length
    if (known === undefined || score > known.score)
      best.set(phrase.topic, { topic: phrase.topic, score, explained, terms })
  }
  const { together, shares } = evidence(asked, counts, weight)
  return Array.from(best.values(), ({ topic, score, explained, terms }) => ({
    topic,
    score: score + 0.3 * (together.get(topic) ?? 0),
    explained: Math.max(explained, total === 0 ? 0 : (1.3 * (shares.get(topic) ?? 0)) / total),
    terms,
  })).toSorted((one, other) => other.score - one.score)
}

/** What all phrases of a topic together say of the question: of all its terms, and of its words alone. */
function evidence(
  asked: readonly string[],
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  weight: (term: string) => number,
): { together: ReadonlyMap<string, number>; shares: ReadonlyMap<string, number> } {
  const together = new Map<string, number>()
  const shares = new Map<string, number>()
  for (const term of asked)
    for (const [topic, count] of counts.get(term) ?? []) {
      // The saturation of BM25: a term that comes often says little more than one that comes twice.
      const share = weight(term) * (count / (count + 1.5))
      together.set(topic, (together.get(topic) ?? 0) + share)
      if (!term.includes(' ')) shares.set(topic, (shares.get(topic) ?? 0) + Math.min(share, heaviest))
    }
  return { together, shares }
}

/** The words of the phrases as they are written, by their first letter. */
function vocabularyOf(phrases: readonly Phrase[]): ReadonlyMap<string, readonly string[]> {
  const words = new Set(phrases.flatMap(({ text }) => wordsOf(text).map(({ written }) => written)))
  return Map.groupBy(
    Array.from(words).filter(word => /^[a-z]{4,30}$/.test(word)),
    word => word[0] ?? '',
  )
}

/**
 * The word, or a known one with one letter more, less, other or exchanged (two for nine letters and more); of words of
 * four or five letters only exchanged letters are mended.
 */
function mend(
  word: Word,
  known: ReadonlyMap<string, unknown>,
  vocabulary: ReadonlyMap<string, readonly string[]>,
): Word {
  const { stem, written } = word
  if (known.has(stem) || isOutside(word) || !/^[a-z]{4,20}$/.test(written)) return word
  const allowed = written.length >= 9 ? 2 : 1
  const fits = (one: string): boolean => written.length > 5 || letters(one) === letters(written)
  const near = (vocabulary.get(written[0] ?? '') ?? [])
    .filter(one => Math.abs(one.length - written.length) <= allowed && fits(one))
    .map(one => ({ one, edits: edits(one, written) }))
    .filter(({ edits }) => edits <= allowed)
    .toSorted((first, second) => first.edits - second.edits)[0]
  return near === undefined ? word : { stem: stemOf(near.one), written: near.one }
}

/** The edits between two words, of which an exchange of letters is one. */
const edits = (one: string, other: string): number => (letters(one) === letters(other) ? 1 : distance(one, other))

const letters = (word: string): string => Array.from(word).toSorted().join('')
