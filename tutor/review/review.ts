import { shownEdit } from './edit.ts'
import type { About } from './detect/found.ts'
import { type Reading, readProgram, type Remark } from './read.ts'
import { type Level, levels } from './rules.ts'
import type { Strength } from './strengths.ts'

/**
 * One remark as a learner sees it. `also` are the lines of the same elsewhere; `before` and `after` show an edit that
 * says the same more simply; `verified` says that the edited program gave equal results on all tests of the exercise.
 */
export interface Finding {
  rule: string
  line: number
  reason: string
  also?: number[]
  before?: string
  after?: string
  verified?: true
}

/**
 * `quality` is 0-1 (docs/tutoring.md, "Review"), null for a program that could not be read, which `message` explains.
 * `strength` is a true thing to praise.
 */
export interface Review {
  level: Level
  findings: Finding[]
  quality: number | null
  strength?: Strength
  message?: string
}

/** How many findings a learner sees at once. */
export const maxFindings: Readonly<Record<Level, number>> = { beginner: 5, intermediate: 8, advanced: 12 }
const maxAlso = 10

export interface ReviewOptions {
  /** Default beginner. */
  level?: Level
  about?: About
}

/**
 * Reviews a program without running it. A finding is one of a kind: the first place, with the lines of the others.
 * Findings depend on the syntax tree only, except those of kind layout.
 */
export function reviewProgram(source: string, { level = 'beginner', about }: ReviewOptions = {}): Review {
  const reading = readProgram(source, about)
  if (reading.problem !== undefined) return unread(reading, level)
  const shown = remarksFor(reading.remarks, level).slice(0, maxFindings[level])
  return reviewOf(
    reading,
    level,
    shown.map(remark => findingOf(textOf(source), remark)),
  )
}

/** The quality of a program, 0-1; undefined when it does not parse or is too large. A pure function. */
export function qualityOf(source: string, about?: About): number | undefined {
  const reading = readProgram(source, about)
  return reading.problem === undefined ? reading.quality : undefined
}

/** The text that edits count in: without a byte order mark, lines ended by `\n`. */
export const textOf = (source: string): string => source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')

/** What a review says of a program that was not read. */
export function unread({ problem, why }: Extract<Reading, { why: string }>, level: Level): Review {
  const next =
    problem === 'syntax'
      ? 'Nothing can be said before it parses: learnflow tutor explain FILE says what is wrong.'
      : 'Hand in a smaller part of it.'
  return { level, findings: [], quality: null, message: `The program is not reviewed: ${why}. ${next}` }
}

export const reviewOf = (
  { quality, strength }: Extract<Reading, { quality: number }>,
  level: Level,
  findings: Finding[],
): Review => ({ level, findings, quality, ...(strength === undefined ? {} : { strength }) })

/** The remarks for a level, one of a kind, the weightiest first; of those whose edits overlap only the first. */
export function remarksFor(remarks: readonly Remark[], level: Level): Remark[] {
  const kinds = new Map<string, Remark>()
  for (const remark of remarks) {
    if (levels.indexOf(remark.rule.from) > levels.indexOf(level)) continue
    const first = kinds.get(remark.rule.rule)
    if (first === undefined) {
      if (![...kinds.values()].some(other => overlap(other, remark))) kinds.set(remark.rule.rule, { ...remark })
    } else if (first.also.length < maxAlso) first.also = [...new Set([...first.also, remark.line])]
  }
  // What is only layout comes last, so that it never takes the place of another finding.
  return [...kinds.values()].toSorted(
    (one, other) => Number(one.rule.kind === 'layout') - Number(other.rule.kind === 'layout'),
  )
}

const overlap = (one: Remark, other: Remark): boolean =>
  one.edits.some(({ from, to }) => other.edits.some(edit => from < edit.to && edit.from < to))

/** A remark as a finding, with what its edit changes. */
export function findingOf(code: string, { rule, line, reason, also, edits }: Remark): Finding {
  const edit = edits.length === 0 ? undefined : shownEdit(code, edits)
  return { rule: rule.rule, line, reason, ...(also.length === 0 ? {} : { also }), ...edit }
}
