import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { plain } from '../triage/follow-up.ts'
import { exampleText, stepsText } from './answer.ts'
import { type Concept, type ConceptLibrary, conceptLibrary, type Topic } from './library.ts'
import { levels, type Snippet } from './read-entry.ts'

/** What who asks on after an explanation wants: `again` is who did not understand it. */
export type FurtherWish = 'more' | 'simpler' | 'example' | 'again'

const Listed = z.strictObject({ example: z.string(), simpler: z.string(), again: z.string() })
const listed = Listed.parse(parse(readFileSync(new URL('further.yaml', import.meta.url), 'utf8')))
const wishes = new Map(
  (['example', 'simpler', 'again'] as const).flatMap(wish =>
    listed[wish].split(', ').map(phrase => [plain(phrase), wish] as const),
  ),
)

/** What a message wants that says nothing by itself. */
export const furtherWish = (prose: string): FurtherWish => wishes.get(plain(prose)) ?? 'more'

/** A part of what is known of a topic. `id` is what `told` holds of it: "learning", "steps", "belief 1", "example learning". */
interface Part {
  id: string
  text: string
}

/**
 * The next part of a topic for who asks on, of those that were not told: more goes up the levels, then to what is often
 * believed wrongly; simpler and again to the values step by step, down the levels, then there, too; an example is another
 * program. Undefined when nothing further is known.
 */
export function furtherPart(
  topic: Topic,
  { wish, told, library = conceptLibrary() }: { wish: FurtherWish; told: readonly string[]; library?: ConceptLibrary },
): Part | undefined {
  const concepts = topic.kind === 'concept' ? [topic] : topic.about.flatMap(id => library.concepts.get(id) ?? [])
  for (const concept of concepts) {
    const prefix = topic.kind === 'concept' ? '' : `${concept.id} `
    const own = told.filter(id => id.startsWith(prefix)).map(id => id.slice(prefix.length))
    const found = partsOf(concept, wish, own).find(({ id }) => !own.includes(id))
    if (found !== undefined) return { id: `${prefix}${found.id}`, text: `**${concept.title}**\n\n${found.text}` }
  }
  return undefined
}

/** The parts that answer a wish, the first to be told first. */
function partsOf(concept: Concept, wish: FurtherWish, told: readonly string[]): Part[] {
  const ranks = levels.map((_, at) => at).filter(at => told.includes(levels[at] ?? ''))
  const [lowest, highest] = [Math.min(levels.length, ...ranks), Math.max(-1, ...ranks)]
  const explained = levels.map(level => ({ id: level, text: explanationText(concept, level) }))
  const beliefs = concept.misconceptions.map((one, at) => ({
    id: `belief ${at}`,
    text: `A common mistake is to think: "${one.belief}". ${one.text}\n${exampleText(one.snippet)}`,
  }))
  const steps = concept.steps === undefined ? [] : [{ id: 'steps', text: stepsText(concept.steps) }]
  if (wish === 'more')
    return [...explained.slice(highest + 1), ...beliefs, ...steps, ...explained.slice(0, lowest).toReversed()]
  if (wish === 'example') return examples(concept, told)
  const simpler = explained.slice(0, lowest).toReversed()
  return wish === 'simpler' ? [...simpler, ...steps, ...beliefs] : [...steps, ...simpler, ...beliefs]
}

const explanationText = ({ explanations }: Concept, level: (typeof levels)[number]): string =>
  `${explanations[level].text}\n\n${exampleText(explanations[level].snippet)}`

/** The programs of a concept that were not shown with their texts, the easiest first. */
function examples({ explanations, quizzed, misconceptions }: Concept, told: readonly string[]): Part[] {
  const all: (readonly [string, Snippet])[] = [
    ...levels.map(level => [level, explanations[level].snippet] as const),
    ...quizzed.map((snippet, at) => [`quiz ${at}`, snippet] as const),
    ...misconceptions.map(({ snippet }, at) => [`belief ${at}`, snippet] as const),
  ]
  return all
    .filter(([id]) => !told.includes(id))
    .map(([id, snippet]) => ({ id: `example ${id}`, text: `Another example:\n${exampleText(snippet)}` }))
}
