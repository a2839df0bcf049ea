import { modules, type Module } from '../../schemas/words.ts'

export const exerciseLevels = ['easy', 'medium', 'hard'] as const
export type ExerciseLevel = (typeof exerciseLevels)[number]

/** What is known of an exercise here. */
export interface Offered {
  id: string
  title: string
  module: Module
  level: ExerciseLevel
  concepts: readonly string[]
}

/** What somebody wishes to practise. `topic`: the words that name it, empty without one; `another`: not the same again. */
export interface Wish {
  level?: ExerciseLevel
  topic: readonly string[]
  /** The topic as it was written, where it was named in so many words ("exercises on ..."). */
  named?: string
  another: boolean
  /** A quiz. */
  quiz: boolean
}

const levels: readonly (readonly [ExerciseLevel, RegExp])[] = [
  ['easy', /\b(?:easy|easier|easiest|simple|simpler|beginner|basic|warm.?up|gentle)\b/],
  ['hard', /\b(?:hard|harder|hardest|difficult|challeng\w*|advanced|tough|tougher|tricky|trickier)\b/],
  ['medium', /\b(?:medium|intermediate|moderate)\b/],
]
const namedTopic = /\b(?:on|about|with|using|for|of|in)\s+((?:[\w-]+\s*){1,4})/g
/** Words that name no topic, also where the bank has them in a title. */
const idle = new Set(
  `a an and another any be can could do easy exercise exercises for give get harder i in is it like me more my need new
  next of on one ones please practice practise problem problems program python quiz some something task tasks that
  the this to today try want what with work would write you your about using now hard medium class homework beginner
  beginners me us them him her students student people simple simpler`.split(/\s+/),
)

/** Without its plural and ending, so that `list comprehensions` finds `list-comprehension`. */
const stem = (word: string): string => word.replace(/(?:ies)$/, 'y').replace(/(?<=\w{2})(?:es|s|ing)$/, '')

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z][a-z0-9]*/g) ?? []

/** The stems that name an exercise's topic: its concepts and module, or also its title. */
export const topicOf = ({ concepts, module }: Offered): Set<string> =>
  new Set([...concepts, module].flatMap(wordsOf).map(stem))

/** Reads a wish; `offered` decides which words name a topic. Never throws. */
export function readWish(text: string, offered: readonly Offered[]): Wish {
  const lower = text.toLowerCase().slice(0, 2_000)
  const known = new Set([...offered.flatMap(one => [...topicOf(one)]), ...modules.flatMap(wordsOf).map(stem)])
  const topic = [
    ...new Set(
      wordsOf(lower)
        .filter(word => !idle.has(word))
        .map(stem),
    ),
  ].filter(word => known.has(word))
  const level = levels.find(([, pattern]) => pattern.test(lower))?.[0]
  const named = [...lower.matchAll(namedTopic)]
    .map(([, words = '']) => wordsOf(words).filter(word => !idle.has(word)))
    .findLast(words => words.length > 0)
    ?.join(' ')
  return {
    topic,
    quiz: /\b(?:quiz\w*|(?:test|question) me)\b/.test(lower),
    another: /\b(?:another|different|else|next|new)\b/.test(lower),
    ...(level === undefined ? {} : { level }),
    ...(named === undefined ? {} : { named }),
  }
}
