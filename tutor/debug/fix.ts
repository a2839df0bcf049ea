import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { gradeProgram } from '../grade/grade.ts'
import { type Alignment, type Edit, type Layout, smallEdits } from './edits.ts'
import { candidateOf, type Candidate, fewestEdits, lastLook, passingOf, type Search } from './search.ts'

/**
 * A program that passes all tests. `edited` keeps most of what was written; `rewritten` is a right solution in its
 * names, because too little could be kept.
 */
export interface Fix {
  kind: 'edited' | 'rewritten'
  program: string
  /** The changes: lines from `first` up to but without `last` of the program become `lines`. */
  edits: readonly Edit[]
  /** The program that the edits count the lines of. */
  layout: Layout
}

/** What is known about a wrong program when a fix is looked for. */
export interface Wrong {
  exercise: Exercise
  alignments: readonly Alignment[]
  search: Search
  source: string
  rights: readonly string[]
  /** How suspicious each line is so far: changes of likely lines are tried first. */
  likely: ReadonlyMap<number, number>
}

/** Right programs that are compared in full. */
const nearest = 3
/** A right program that differs in more places is looked at last. */
const fewEdits = 6
/** A fix that changes more than this share of the lines of code, and more than 3, is a rewritten program. */
const mostChanged = 0.6
/** The kinds of small changes, the likeliest first. */
const kinds = ['token', 'statement', 'added', 'moved', 'removed']

/**
 * Fixes that pass the tests in a quick look, the best first: from right programs that differ in few places, then small
 * changes, then from those that differ in many, of which one is tried even when nothing is left to spend.
 */
export async function findFixes(wrong: Wrong, sandbox: Sandbox): Promise<Fix[]> {
  const { search, alignments } = wrong
  const near = alignments.slice(0, nearest).filter(({ edits }) => edits.length <= fewEdits)
  const found = await differences(search, near)
  if (found.some(({ size }) => size === 1)) return ranked(found.map(one => fixOf(one, search.layout)))
  const small = await smallFixes(wrong, sandbox)
  const far = alignments.filter(one => !near.includes(one)).slice(0, nearest - near.length)
  if (found.length + small.length > 0) return ranked([...small, ...found.map(one => fixOf(one, search.layout))])
  const late = {
    ...search,
    budget: { ...search.budget, left: Math.max(search.budget.left, lastLook) },
  }
  return ranked((await differences(late, far)).map(one => fixOf(one, search.layout)))
}

/** The fewest edits of each right program that make the program pass; one line is as good as it gets. */
async function differences(search: Search, alignments: readonly Alignment[]): Promise<Candidate[]> {
  const found: Candidate[] = []
  for (const { edits } of alignments) {
    const best = await fewestEdits(search, edits)
    if (best !== undefined) found.push(best)
    if (best?.size === 1) break
  }
  return found
}

const ranked = (fixes: readonly Fix[]): Fix[] => fixes.toSorted((one, other) => rank(one) - rank(other))

const rank = ({ kind, edits }: Fix): number =>
  (kind === 'rewritten' ? 1_000 : 0) +
  edits.reduce((sum, { first, last, lines }) => sum + Math.max(last - first, lines.length), 0) +
  Math.max(0, kinds.indexOf(edits[0]?.about ?? '') / 10)

function fixOf({ source, edits, size }: Candidate, layout: Layout): Fix {
  const code = layout.source.split('\n').filter(line => /\S/u.test(line) && !/^\s*#/u.test(line)).length
  const kind = size > 3 && size > code * mostChanged ? 'rewritten' : 'edited'
  return { kind, program: source, edits, layout }
}

/** Changes of one token or statement that make the program pass. */
async function smallFixes({ source, rights, search, likely }: Wrong, sandbox: Sandbox): Promise<Fix[]> {
  const made = await smallEdits(source, rights, sandbox)
  if (made === undefined) return []
  const { layout, edits } = made
  const worth = ({ near, about }: Edit): number => (likely.get(near) ?? 0) - Math.max(0, kinds.indexOf(about)) / 20
  const ordered = edits.toSorted((one, other) => worth(other) - worth(one))
  const passing = await passingOf(
    { ...search, layout },
    ordered.map(edit => candidateOf(layout, [edit])),
  )
  return passing.slice(0, 8).map(one => fixOf(one, layout))
}

/** The first of the fixes that passes all tests when it is judged as a submission is. */
export async function verified(
  fixes: readonly Fix[],
  exercise: Exercise,
  seed: string,
  sandbox: Sandbox,
): Promise<Fix | undefined> {
  for (const fix of fixes.slice(0, 3)) {
    const { verdict } = await gradeProgram(fix.program, exercise, sandbox, { seed, detail: 'verdict' })
    if (verdict === 'passed') return fix
  }
  return undefined
}
