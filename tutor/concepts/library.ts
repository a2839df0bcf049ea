import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as z from 'zod'
import { PlatformError } from '../../platform/errors.ts'
import {
  ComparisonHead,
  ConceptHead,
  type Entry,
  type Level,
  levels,
  readEntry,
  type Section,
  type Snippet,
  WhyHead,
} from './read-entry.ts'

/** What is said and shown at one level. */
export interface Explanation {
  text: string
  snippet: Snippet
}

/** A wrong belief, why it is wrong, and a program that shows it. */
export interface Misconception extends Explanation {
  belief: string
}

export type Concept = z.infer<typeof ConceptHead> & {
  kind: 'concept'
  id: string
  path: string
  explanations: Readonly<Record<Level, Explanation>>
  misconceptions: readonly Misconception[]
  /** A program with the values of its variables line by line. */
  steps: Snippet | undefined
  /**
   * Programs that only quizzes show, of concepts whose examples they leave out because they may print something else
   * elsewhere: these print the same in each run and in each Python, and so do they with any one number or sign changed.
   */
  quizzed: readonly Snippet[]
}
export type Comparison = z.infer<typeof ComparisonHead> & { kind: 'comparison'; id: string; path: string } & Explanation
export type Why = z.infer<typeof WhyHead> & { kind: 'why'; id: string; path: string } & Explanation
export type Topic = Concept | Comparison | Why

/** All that can be explained. `entries` are the files as read. */
export interface ConceptLibrary {
  concepts: ReadonlyMap<string, Concept>
  comparisons: ReadonlyMap<string, Comparison>
  whys: ReadonlyMap<string, Why>
  entries: readonly Entry[]
}

const known = new Map<string, ConceptLibrary>()

/**
 * Reads the folders `bank`, `comparisons` and `whys`, once per folder.
 * @throws INVALID_INPUT with path and reason for a file that cannot be read as one of its kind.
 */
export function conceptLibrary(folder: string = import.meta.dirname): ConceptLibrary {
  const library = known.get(folder) ?? readLibrary(folder)
  known.set(folder, library)
  return library
}

function readLibrary(folder: string): ConceptLibrary {
  const [bank, comparisons, whys] = ['bank', 'comparisons', 'whys'].map(name => entriesOf(join(folder, name)))
  return {
    concepts: byId(bank ?? [], conceptOf),
    comparisons: byId(comparisons ?? [], entry => ({ kind: 'comparison', ...single(entry, ComparisonHead) })),
    whys: byId(whys ?? [], entry => ({ kind: 'why', ...single(entry, WhyHead) })),
    entries: [...(bank ?? []), ...(comparisons ?? []), ...(whys ?? [])],
  }
}

const entriesOf = (folder: string): Entry[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .toSorted()
    .map(name => {
      const path = join(folder, name)
      return attempt(path, () => readEntry(path, readFileSync(path, 'utf8')))
    })

const byId = <Item>(entries: readonly Entry[], read: (entry: Entry) => Item): ReadonlyMap<string, Item> =>
  new Map(entries.map(entry => [entry.id, attempt(entry.path, () => read(entry))]))

function attempt<Item>(path: string, read: () => Item): Item {
  try {
    return read()
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `${path} is no entry: ${cause instanceof Error ? cause.message : ''}`, {
      hint: 'docs/tutoring.md, "Concepts", says what a file holds.',
      cause,
    })
  }
}

function conceptOf(entry: Entry): Concept {
  const head = ConceptHead.parse(entry.head)
  const at = (heading: string): Section => {
    const found = entry.sections.find(section => section.heading === heading)
    if (found === undefined) throw new SyntaxError(`the section "## ${heading}" is missing`)
    return found
  }
  const [beginner, learning, proficient] = levels.map(level => explanation(at(level)))
  const misconceptions = entry.sections
    .filter(({ heading }) => heading.startsWith('belief: '))
    .map(section => ({ belief: section.heading.slice('belief: '.length), ...explanation(section) }))
  if (misconceptions.length < 1 || misconceptions.length > 3) throw new SyntaxError('there are 1 to 3 "## belief: ..."')
  const steps = entry.sections.find(({ heading }) => heading === 'steps')?.snippet
  const quizzed = entry.sections.flatMap(({ heading, snippet }) =>
    heading.startsWith('quiz: ') ? (snippet ?? []) : [],
  )
  const explanations = { beginner, learning, proficient } as Concept['explanations']
  return { kind: 'concept', id: entry.id, path: entry.path, ...head, explanations, misconceptions, steps, quizzed }
}

function explanation({ heading, text, snippet }: Section): Explanation {
  if (text === '') throw new SyntaxError(`the section "${heading}" has no text`)
  if (snippet === undefined) throw new SyntaxError(`the section "${heading}" has no program`)
  return { text, snippet }
}

function single<Head>(entry: Entry, schema: z.ZodType<Head>): Head & { id: string; path: string } & Explanation {
  const section = entry.sections.find(({ heading }) => heading === '')
  if (section === undefined) throw new SyntaxError('the text is missing')
  return { id: entry.id, path: entry.path, ...schema.parse(entry.head), ...explanation(section) }
}
