import { findConcept } from '../concepts/find.ts'
import type { ExerciseLevel } from '../practice/wish.ts'
import { anyOf, finderOf, oneOf, topicWords, words } from './words.ts'

/** Something that exercises are wished on: any of these concepts will do. */
export interface WishedTopic {
  title: string
  concepts: readonly string[]
}

/**
 * What a teacher wishes for. An exercise has to be on every topic and needs none of `without`; `unknown` are words that
 * name nothing that is taught here, and `nearest` the concepts most like them.
 */
export interface ExerciseWish {
  topics: readonly WishedTopic[]
  without: readonly WishedTopic[]
  level: ExerciseLevel | undefined
  count: number
  unknown: readonly string[]
  nearest: readonly string[]
}

export const [defaultCount, maxCount] = [3, 10]
/** How sure it must be which concept some words name. */
export const sure = 0.5
const maxCharacters = 500

const [findLevel, findNumber] = [finderOf(words.levels), finderOf(words.numbers)]
const number = `(?<![\\w'/.])(?:${oneOf(Object.values(words.numbers).flat())}|\\d{1,4})(?![\\w'/.])`
const request = `(?:(?:${oneOf(words.request)}) +)*`
/** How many: a number before what is wished, with a few words between, or one that the wish begins with. */
const counted = new RegExp(
  `(?<!\\b(?:${oneOf(words.labels)}) +)${number}(?! +(?:${oneOf(words.units)})\\b)` +
    `(?:(?<=\\b(?:${oneOf(words.nouns)}))|(?<=^\\W*${request}${number})` +
    `|(?=(?: +(?!(?:${oneOf([...words.units, ...words.places])})\\b)[a-z\\d']+){0,4} +(?:${oneOf(words.nouns)})\\b))`,
)
const [between, either, without] = [words.between, words.either, words.without].map(anyOf) as [RegExp, RegExp, RegExp]
const names = words.topics.flatMap(topic => topic.names)
/** Names with a word in them that else stands between topics, such as "break and continue". */
const joined = anyOf(names.filter(name => name.search(between) >= 0 || name.search(either) >= 0))
/** By when, which the request says itself. */
const dueTime = /\bdue (?:in|on|by|at|before|until|next|tomorrow|today)\b[^,;.\n]*/g
const clauseEnd = /[,;.!?:()\n]|\bbut\b/

/** Reads a wish, of which the first 500 characters count. Never throws. */
export function readExerciseWish(text: string): ExerciseWish {
  const plain = text
    .slice(0, maxCharacters)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘´`]/g, "'")
    .replace(/(?<=[a-z])-(?=[a-z])/g, ' ')
    .replace(dueTime, ' ')
  const { found: level, rest } = findLevel(plain)
  const { wanted, unwanted } = partsOf(rest)
  const [on, off] = [wanted.map(alternatives), unwanted.flatMap(part => alternatives(part).map(one => [one]))].map(read)
  return {
    topics: on?.topics ?? [],
    without: off?.topics ?? [],
    level,
    count: countIn(plain),
    unknown: [...(on?.unknown ?? []), ...(off?.unknown ?? [])],
    nearest: [...new Set([...(on?.nearest ?? []), ...(off?.nearest ?? [])])],
  }
}

function countIn(plain: string): number {
  const [said] = counted.exec(plain) ?? []
  if (said === undefined) return defaultCount
  return Math.min(maxCount, Math.max(1, Number(/\d/.test(said) ? said : findNumber(said).found)))
}

/** The parts that name topics, and those that name what must not be needed. */
function partsOf(text: string): { wanted: string[]; unwanted: string[] } {
  const wanted: string[] = []
  const unwanted: string[] = []
  for (const clause of text.replaceAll(joined, name => name.replaceAll(' ', '_')).split(clauseEnd)) {
    const [plain = '', ...refused] = clause.split(without)
    const after = refused.map(part => part.split(/\b(?:on|about)\b/))
    unwanted.push(...after.flatMap(([first = '']) => first.split(between)))
    wanted.push(...[plain, ...after.flatMap(([, ...others]) => others)].flatMap(part => part.split(between)))
  }
  return { wanted, unwanted }
}

const alternatives = (part: string): string[] =>
  part
    .split(either)
    .map(one => topicWords(one.replaceAll('_', ' ')))
    .filter(one => one !== '')

/** The topics that these parts name, each with its alternatives. */
function read(parts: readonly (readonly string[])[]): Pick<ExerciseWish, 'topics' | 'unknown' | 'nearest'> {
  const topics = new Map<string, WishedTopic>()
  const unknown: string[] = []
  const nearest: string[] = []
  for (const part of parts) {
    const found = part.map(text => ({ text, ...topicIn(text) }))
    const lost = found.filter(({ topic }) => topic === undefined)
    unknown.push(...lost.map(({ text }) => text))
    nearest.push(...lost.flatMap(({ near }) => near))
    const known = found.flatMap(({ topic }) => topic ?? [])
    const title = known.map(one => one.title).join(' or ')
    if (known.length > 0) topics.set(title, { title, concepts: known.flatMap(({ concepts }) => concepts) })
  }
  return { topics: [...topics.values()], unknown, nearest }
}

function topicIn(text: string): { topic?: WishedTopic; near: readonly string[] } {
  const named = words.topics.find(topic => topic.names.includes(text))
  if (named !== undefined) return { topic: { title: named.title, concepts: named.concepts }, near: [] }
  // In a longer phrase the topic comes last: "which my class needs on tuples".
  const last = topicWords(text.split(/\b(?:on|about|of|in)\b/).at(-1) ?? '')
  if (last !== text && last !== '') {
    const { topic } = topicIn(last)
    if (topic !== undefined) return { topic, near: [] }
  }
  const { topic, nearest } = findConcept(text)
  if (topic !== undefined && topic.confidence >= sure)
    return { topic: { title: topic.title, concepts: topic.concepts }, near: [] }
  return { near: [...(topic?.concepts ?? []), ...nearest.flatMap(({ concepts }) => concepts)] }
}
