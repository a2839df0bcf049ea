import { readMessage } from '../triage/message.ts'
import { type Compared, comparer } from './compare-sides.ts'
import { conceptLibrary, type ConceptLibrary, type Topic } from './library.ts'
import { type Found, indexPhrases, type Phrase, type PhraseIndex } from './phrase-index.ts'
import { codeTopics } from './shapes.ts'
import { labelledQuestions } from './questions.ts'
import { isOutside, type Word, wordsOf } from './words.ts'

/** What a question is about; `concepts` are the concepts that the topic explains; `confidence` is 0 to 1. */
export interface FoundTopic {
  kind: Topic['kind']
  id: string
  title: string
  concepts: readonly string[]
  confidence: number
}

/** `topic` is undefined when none of the library fits; `nearest` are then the most alike, else the runners-up. */
export interface Finding {
  topic: FoundTopic | undefined
  nearest: readonly FoundTopic[]
}

const whyCue =
  /\bwhy\b|\bhow come\b|\breasons?\b|\bwhat(?:'?s| is) the (?:point|purpose|benefit|use)\b|\bwhat happens\b|\bpointless\b/
/** Asked about code that is shown and not named. */
const pointing = /\b(?:this|that|these|following|here|below|above|line|code|snippet|it|syntax|symbol)\b/
/** "is", "are" and "in" where they only make the question. */
const framing =
  /\b(?<=(?:what|who|which|where|how|why|when|it|there|this|that|so) )(?:is|are|if)\b|\b(?:is|are)\b(?= (?:there|it|this|that|the|a|an)\b)|\bin (?=py(?:thon)?\b)/g
const threshold = 0.3
/** How sure it is that code that is pointed at is about its most advanced concept. */
const byCode = 0.6
/** Code within a sentence. */
const bracketed = /[[{][^[\]{}\n]{3,80}[}\]]/g

interface Finder {
  index: PhraseIndex
  compare: (question: string) => Compared
  topics: ReadonlyMap<string, Topic>
  library: ConceptLibrary
}

const finders = new WeakMap<ConceptLibrary, Finder>()

function finderOf(library: ConceptLibrary): Finder {
  const known = finders.get(library)
  if (known !== undefined) return known
  const { concepts, comparisons, whys } = library
  const topics = [...concepts.values(), ...comparisons.values(), ...whys.values()]
  const finder: Finder = {
    index: indexPhrases([...topics.flatMap(phrasesOf), ...askedBefore(library)]),
    compare: comparer(comparisons.values()),
    topics: new Map(topics.map(topic => [topic.id, topic])),
    library,
  }
  finders.set(library, finder)
  return finder
}

function phrasesOf(topic: Topic): Phrase[] {
  const named = (texts: readonly string[], trust: number): Phrase[] =>
    texts.map(text => ({ topic: topic.id, text, trust }))
  if (topic.kind !== 'concept') return named([topic.title, ...topic.names], 1)
  return [
    ...named([topic.title, topic.id, ...topic.names], 1),
    ...named(topic.code, 0.9),
    ...named(
      topic.misconceptions.map(({ belief }) => belief),
      0.6,
    ),
    ...named(sentencesOf(topic.explanations.beginner.text), 0.8),
    ...named(sentencesOf(topic.explanations.learning.text), 0.7),
  ]
}

/** The questions to develop by, as ways to say their topics. */
const askedBefore = ({ concepts, comparisons, whys }: ConceptLibrary): Phrase[] =>
  labelledQuestions('develop').flatMap(({ question, topics }) =>
    topics
      .filter(id => concepts.has(id) || comparisons.has(id) || whys.has(id))
      .map(topic => ({ topic, text: question.toLowerCase().replaceAll(framing, ' '), trust: 0.85 })),
  )

const sentencesOf = (text: string): string[] => text.split(/(?<=[.:;])\s/)

/**
 * The topic of a question, with `code` that it is about. Names that the question holds decide; a comparison needs both
 * of its sides, "why" favours the why questions, and code decides when it is only pointed at. Never throws.
 */
export function findConcept(
  question: string,
  { code = '', library = conceptLibrary() }: { code?: string; library?: ConceptLibrary } = {},
): Finding {
  const finder = finderOf(library)
  const { prose, program } = readMessage(question)
  const asked = (prose === '' ? question.toLowerCase() : prose).replaceAll(framing, ' ')
  const words = finder.index.mended(wordsOf(asked))
  const ranked = rank(asked, words, finder)
  const [best] = ranked
  const points = pointing.test(asked) || prose === ''
  const inline = Array.from(asked.slice(0, 1_000).matchAll(bracketed), ([part]) => part).join('\n')
  const fromCode = codeTopics(`${code}\n${program}\n${inline}`, library).map(id => found(finder, id, byCode))
  if (fromCode[0] !== undefined && (best?.confidence ?? 0) < (points ? byCode : threshold))
    return { topic: fromCode[0], nearest: ranked.slice(0, 3) }
  if (best === undefined || best.confidence < threshold)
    return { topic: undefined, nearest: ranked.filter(({ confidence }) => confidence > 0.1).slice(0, 3) }
  return { topic: best, nearest: ranked.slice(1, 4) }
}

function rank(asked: string, words: readonly Word[], finder: Finder): FoundTopic[] {
  const outside = words.some(isOutside)
  const why = whyCue.test(asked)
  const compared = finder.compare(asked)
  const scored = finder.index
    .find(words)
    .map(one => ({ ...one, score: one.score * favour(one, finder, why, compared) }))
  const pairs = compared.found.slice(0, 3).map(({ id, score }) => ({
    topic: id,
    score: score * 10 * compared.sure,
    explained: 0.4 + 0.6 * compared.sure,
    terms: 2,
  }))
  const best = new Map<string, Found>()
  for (const one of [...pairs, ...scored]) if ((best.get(one.topic)?.score ?? 0) < one.score) best.set(one.topic, one)
  return Array.from(best.values())
    .toSorted((one, other) => other.score - one.score)
    .slice(0, 6)
    .map(({ topic, score, explained }) => found(finder, topic, confidenceOf(score, explained) * (outside ? 0.4 : 1)))
    .toSorted((one, other) => other.confidence - one.confidence)
    .slice(0, 4)
}

function favour({ topic, terms, explained }: Found, { topics }: Finder, why: boolean, { asks }: Compared): number {
  const kind = topics.get(topic)?.kind
  if (kind === 'why') return terms === 1 && explained < 0.8 ? 0.3 : why ? 1.35 : terms === 1 ? 0.3 : 0.85
  if (kind === 'comparison') return asks ? 1.2 : 0.5
  return why ? 0.8 : 1
}

/** Rises with the weight of what was recognised and with the share of the question that this is. */
const confidenceOf = (score: number, explained: number): number =>
  Math.min(1, (score / (score + 2)) * (0.35 + 0.65 * Math.min(1, explained * 1.3)))

function found({ topics }: Finder, id: string, confidence: number): FoundTopic {
  const topic = topics.get(id)
  if (topic === undefined) throw new RangeError(`there is no topic ${id}`)
  const concepts = topic.kind === 'concept' ? [id] : topic.about
  return { kind: topic.kind, id, title: topic.title, concepts, confidence: Math.round(confidence * 100) / 100 }
}
