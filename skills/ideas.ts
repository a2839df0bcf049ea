import { readFileSync } from 'node:fs'
import { stemmer } from 'stemmer'

/** What an idea counts beside a word of its own text, which counts 1. */
const weights = { strong: 4, normal: 2.5, weak: 1 }

/** A phrase for an idea, by the stem of its first word; `rest` are the stems that follow, none for a single word. */
interface Phrase {
  idea: string
  rest: readonly string[]
}

const heading = /^# ([a-z-]+)(?: (strong|weak))?$/
const [, ...sections] = readFileSync(new URL('ideas.txt', import.meta.url), 'utf8').split(/\n(?=# )/)
const ideas = sections.map(section => {
  const [first = '', ...lines] = section.split('\n')
  const [, name, weight = 'normal'] = heading.exec(first) ?? []
  if (name === undefined) throw new SyntaxError(`ideas.txt: "${first}" is no heading`)
  const phrases = lines
    .join(' ')
    .split(',')
    .map(phrase => phrase.trim().split(/[ -]/))
  return { name, weight: weights[weight as keyof typeof weights], phrases: [name.split('-'), ...phrases] }
})

const byFirst = Map.groupBy(
  ideas.flatMap(({ name, phrases }) =>
    phrases.map(words => {
      const [first = '', ...rest] = words.map(stemmer)
      return { idea: name, first, rest }
    }),
  ),
  ({ first }) => first,
)
const weightOf = new Map(ideas.map(({ name, weight }) => [`#${name}`, weight]))

/** The phrases that begin with a word of this stem. */
export const phrasesFrom = (stem: string): readonly Phrase[] => byFirst.get(stem) ?? []

/** How much a term counts: an idea such as `#start` by its heading in `ideas.txt`, any other 1. */
export const termWeight = (term: string): number => weightOf.get(term) ?? 1

export const ideaNames: readonly string[] = ideas.map(({ name }) => name)
/** The words of each phrase of `ideas.txt`. */
export const ideaPhrases: readonly (readonly string[])[] = ideas.flatMap(({ phrases }) => phrases)
