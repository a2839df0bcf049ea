import type { Concept, ConceptLibrary, Topic } from './library.ts'
import { conceptLibrary } from './library.ts'
import type { Level, Snippet } from './read-entry.ts'

/**
 * What a student is told about a topic. `missing` are prerequisites not yet known, `ask` a question to go on with, `told`
 * the parts that are in the text ("beginner", "steps", "belief 0").
 */
export interface ConceptAnswer {
  text: string
  told: readonly string[]
  exercises: readonly string[]
  missing: readonly string[]
  ask: string
}

/** The words of an answer, programs included. */
const maxWords = 250
const maxSteps = 14

/** How many words a text has, as people count them: runs of non-blanks. */
export const countWords = (text: string): number => text.split(/\s+/).filter(word => word !== '').length

/** A topic by its id. Undefined when there is none. */
export const topicOf = (
  id: string,
  { concepts, comparisons, whys }: ConceptLibrary = conceptLibrary(),
): Topic | undefined => concepts.get(id) ?? comparisons.get(id) ?? whys.get(id)

/**
 * Explains a topic at a level: explanation, example with its output, steps where the concept has them, one
 * misconception, two exercises, prerequisites that are not among `known`, one question. At most 250 words: the program of
 * the misconception, then the steps, are left out where they do not fit.
 */
export function answerConcept(
  topic: Topic,
  {
    level = 'beginner',
    known = [],
    library = conceptLibrary(),
  }: { level?: Level; known?: readonly string[]; library?: ConceptLibrary } = {},
): ConceptAnswer {
  const main = topic.kind === 'concept' ? topic : library.concepts.get(topic.about[0] ?? '')
  if (main === undefined) throw new RangeError(`${topic.id} is about no concept`)
  const missing = (topic.kind === 'concept' ? topic.needs : topic.about).filter(id => !known.includes(id))
  const title = (id: string): string => library.concepts.get(id)?.title ?? id
  const explained = topic.kind === 'concept' ? topic.explanations[level] : topic
  const first = [`**${topic.title}**`, explained.text, exampleText(explained.snippet)]
  const last = [
    `Practise it: ${main.exercises.join(', ')}.`,
    ...(missing.length === 0 ? [] : [`It builds on: ${missing.map(title).join(', ')}.`]),
    `Check yourself: ${main.ask}`,
  ]
  const left = maxWords - countWords([...first, ...last].join(' '))
  const fits = (some: readonly Extra[]): boolean => countWords(some.map(({ text }) => text).join(' ')) <= left
  const middle = topic.kind === 'concept' ? (extras(topic, level).find(fits) ?? []) : []
  const parts = [...first, ...middle.map(({ text }) => text), ...last]
  const told = topic.kind === 'concept' ? [level, ...middle.flatMap(({ id }) => id ?? [])] : []
  return { text: parts.join('\n\n'), told, exercises: main.exercises, missing, ask: main.ask }
}

/** An optional part; without an id it is not the whole of it. */
interface Extra {
  id?: string
  text: string
}

/** The optional parts from most to least; the first list that fits is shown. */
function extras(concept: Concept, level: Level): Extra[][] {
  const place = level === 'beginner' ? 0 : concept.misconceptions.length - 1
  const belief = concept.misconceptions[place]
  const steps = concept.steps === undefined ? [] : [{ id: 'steps', text: stepsText(concept.steps) }]
  if (belief === undefined) return [steps, []]
  const said = { text: `A common mistake is to think: "${belief.belief}". ${belief.text}` }
  const shown = { id: `belief ${place}`, text: `${said.text}\n${exampleText(belief.snippet)}` }
  return [[...steps, shown], [...steps, said], [shown], [said], []]
}

const fence = (kind: string, text: string): string => `\`\`\`${kind}\n${text}\n\`\`\``

/** A program and what it prints. */
export function exampleText({ code, stdin, shown = '' }: Snippet): string {
  const typed = stdin === undefined ? [] : ['When this is typed in:', fence('', stdin)]
  return [fence('python', code), ...typed, 'it prints:', fence('', shown)].join('\n')
}

/** A program with the values of its variables line by line. */
export function stepsText({ code, steps = '' }: Snippet): string {
  const rows = steps.split('\n')
  const shown = rows.length > maxSteps ? [...rows.slice(0, maxSteps - 1), '...'] : rows
  return `Step by step:\n${fence('python', numbered(code))}\n${fence('', shown.join('\n'))}`
}

const numbered = (code: string): string =>
  code
    .split('\n')
    .map((line, at) => (line === '' ? '' : `${line}  # ${at + 1}`))
    .join('\n')
