import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import type { TestCase } from '../grade/test-cases.ts'
import { applied, type Edit, type Layout } from './edits.ts'
import { tryPrograms } from './runs.ts'

/** A changed program; `size` is how many lines the change touches. */
export interface Candidate {
  source: string
  edits: readonly Edit[]
  size: number
}

/** The tests of a program as the search uses them: those it fails, the smallest first, and those it passes. */
export interface Tests {
  failing: readonly TestCase[]
  passing: readonly TestCase[]
}

/**
 * How much work is left for the search, in steps of the programs it tries, and what it did not do for want of it. It is not
 * time, so that a busy machine says the same.
 */
export interface Budget {
  left: number
  leftOut: Set<string>
}

export interface Search {
  exercise: Exercise
  tests: Tests
  layout: Layout
  sandbox: Sandbox
  budget: Budget
}

/** Failing tests that a candidate must pass before it is run on all: one sorts out most. */
const quick = 1
/** Combinations of two edits are tried for at most so many edits. */
const mostPaired = 12
const mostRounds = 5
/** What may be spent on candidates that look right, however little is left. */
export const lastLook = 100_000
const skipped = 'some changes of the program were not tried'

/** How many lines an edit touches. */
export const sizeOf = (edits: readonly Edit[]): number =>
  edits.reduce((sum, { first, last, lines }) => sum + Math.max(last - first, lines.length, 1), 0)

/** The changed program; undefined where edits overlap or change nothing. */
export function candidateOf(layout: Layout, edits: readonly Edit[]): Candidate | undefined {
  const source = applied(layout, edits)
  return source === undefined || source === layout.source ? undefined : { source, edits, size: sizeOf(edits) }
}

/** Those of the candidates that pass every test, the smallest change first. */
export async function passingOf(search: Search, candidates: readonly (Candidate | undefined)[]): Promise<Candidate[]> {
  const { exercise, tests, sandbox, budget } = search
  const distinct = [
    ...new Map(candidates.flatMap(one => (one === undefined ? [] : [[one.source, one] as const]))).values(),
  ]
  if (distinct.length === 0) return []
  if (budget.left <= 0) {
    budget.leftOut.add(skipped)
    return []
  }
  const sources = distinct.map(({ source }) => source)
  const { passed: looked, work } = await tryPrograms(
    sources,
    exercise,
    tests.failing.slice(0, quick),
    sandbox,
    budget.left,
  )
  budget.left -= work
  if (looked.at(-1) === undefined && budget.left <= 0) budget.leftOut.add(skipped)
  const hopeful = distinct.filter((_, at) => looked[at]?.every(Boolean) === true)
  const rest = [...tests.failing.slice(quick), ...tests.passing]
  if (hopeful.length === 0 || rest.length === 0) return bySize(hopeful)
  const { passed: all, work: more } = await tryPrograms(
    hopeful.map(({ source }) => source),
    exercise,
    rest,
    sandbox,
    Math.max(lastLook, budget.left),
  )
  budget.left -= more
  return bySize(hopeful.filter((_, at) => all[at]?.every(Boolean) === true))
}

const bySize = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted((one, other) => one.size - other.size || one.edits.length - other.edits.length)

/**
 * The smallest set of edits, among those looked at, that makes the program pass: single ones, pairs, then the whole set
 * as far as edits can be left out of it.
 */
export async function fewestEdits(search: Search, edits: readonly Edit[]): Promise<Candidate | undefined> {
  const { layout, budget } = search
  const all = candidateOf(layout, edits)
  if (all === undefined) return undefined
  const parts = [...new Set(edits.map(({ about }) => about))].map(name => edits.filter(({ about }) => about === name))
  const first = await passingOf(search, [
    all,
    ...edits.map(edit => candidateOf(layout, [edit])),
    ...parts.map(part => candidateOf(layout, part)),
  ])
  let [best] = first
  if (best === undefined || best.edits.length === 1) return best
  const start = best.edits
  if (start.length <= mostPaired) {
    const pairs = start.flatMap((one, at) => start.slice(at + 1).map(other => candidateOf(layout, [one, other])))
    const [pair] = await passingOf(search, pairs)
    if (pair !== undefined && pair.edits.length <= 2) return pair
  }
  for (let round = 0; round < mostRounds && budget.left > 0; round += 1) {
    const current = best.edits
    const shorter = current.map(out => current.filter(edit => edit !== out))
    const found = await passingOf(
      search,
      shorter.map(some => candidateOf(layout, some)),
    )
    if (found.length === 0) break
    // What can be left out alone can often be left out together.
    const needless = new Set(found.flatMap(({ edits: kept }) => current.filter(edit => !kept.includes(edit))))
    const [bold] = await passingOf(search, [
      candidateOf(
        layout,
        current.filter(edit => !needless.has(edit)),
      ),
    ])
    best = bold ?? found[0] ?? best
  }
  return best
}
