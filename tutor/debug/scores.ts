import type { Judgement } from '../grade/grade.ts'
import type { Alignment, Edit, Layout } from './edits.ts'
import type { Fix } from './fix.ts'
import type { Step, Traced } from './runs.ts'
import { type Flow, ochiai, sliceOf } from './suspects.ts'

/** A line and how suspicious it is, 0-1. */
export interface Suspect {
  line: number
  score: number
}

/** What the runs and the comparison with right programs show of a program. */
export interface Evidence {
  judgement: Judgement
  traced: Traced | undefined
  /** Whether the program passes each traced test. */
  passed: readonly boolean[]
  /** The steps of the smallest failing test. */
  steps: readonly Step[]
  flow: Flow | undefined
  alignments: readonly Alignment[]
  layout: Layout
}

/** How much each kind of evidence counts; a change that makes all tests pass outweighs all the others together. */
const weights = { fix: 2, otherFix: 0.7, ochiai: 0.3, slice: 0.15, error: 0.3, note: 0.25, nearest: 0.3, end: 0.2 }
/** What the line after something missing gets, as a share. */
const beside = 0.3
const compared = 3
const mostShown = 10

type Scores = Map<number, number>

const add = (scores: Scores, line: number, amount: number): void => {
  scores.set(line, (scores.get(line) ?? 0) + amount)
}

/** How suspicious the lines of the layout are by runs and comparisons alone, before any change is tried. */
export function likelyLines({ judgement, traced, passed, steps, flow, alignments, layout }: Evidence): Scores {
  const scores: Scores = new Map(layoutLines(layout).map(line => [line, 0]))
  for (const [line, value] of ochiai(traced?.lines ?? [], passed)) add(scores, line, weights.ochiai * value)
  if (flow !== undefined) for (const [line, value] of sliceOf(steps, flow)) add(scores, line, weights.slice * value)
  const crash = judgement.error?.line ?? judgement.tests.find(test => test.error?.line !== undefined)?.error?.line
  if (crash !== undefined) add(scores, layoutLine(layout, crash), weights.error)
  for (const { line, severity } of judgement.notes)
    if (line !== undefined && severity === 'essential') add(scores, layoutLine(layout, line), weights.note)
  for (const line of flow?.openEnds ?? []) add(scores, line, weights.end)
  for (const [at, { edits, share }] of alignments.slice(0, compared).entries())
    for (const [line, part] of touched(edits, layout))
      add(scores, line, weights.nearest * share * (1 / (at + 1) + 1 / (1 + edits.length)) * part)
  return scores
}

const layoutLines = ({ source }: Layout): number[] =>
  source.split('\n').flatMap((text, at) => (/^\s*(#|$)/u.test(text) ? [] : [at + 1]))

/** The line of the layout that a line as written has become. */
const layoutLine = ({ written }: Layout, line: number): number => {
  const at = written.indexOf(line)
  return at === -1 ? line : at + 1
}

/** The lines that edits touch, with the share of the evidence that each gets. */
function touched(edits: readonly Edit[], { source }: Layout): Map<number, number> {
  const lines = source.split('\n')
  const found: Scores = new Map()
  const put = (line: number, part: number): void => {
    found.set(line, Math.max(part, found.get(line) ?? 0))
  }
  for (const { first, last, lines: now, near } of edits) {
    const changed = Array.from({ length: last - first }, (_, at) => first + at).filter(
      line => !now.some(text => text.trim() === lines[line - 1]?.trim()),
    )
    if (changed.length === 0) {
      put(near, 1)
      if (first === last) put(first, beside)
    }
    for (const [at, line] of changed.entries()) put(line, 1 / (1 + at / 10))
  }
  return found
}

/** The lines in the order in which they should be looked at. */
export function suspectsOf(evidence: Evidence, fixes: readonly Fix[], fix: Fix | undefined): Suspect[] {
  const { layout } = evidence
  const likely = likelyLines(evidence)
  const scores: Scores = new Map(likely)
  const edited = fixes.filter(({ kind }) => kind === 'edited')
  const others = edited.filter(one => one !== fix)
  if (fix?.kind === 'edited') credit(scores, fix, weights.fix)
  for (const [at, other] of others.entries()) credit(scores, other, weights.otherFix / (1 + at))
  const best = Math.max(...scores.values(), 1)
  const byLine = new Map<number, number>()
  for (const [line, score] of scores) {
    const written = layout.written[line - 1] ?? line
    byLine.set(written, Math.max(byLine.get(written) ?? 0, score / best))
  }
  return [...byLine]
    .map(([line, score]) => ({ line, score: Math.round(score * 1000) / 1000 }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score || one.line - other.line)
    .slice(0, mostShown)
}

function credit(scores: Scores, { edits, layout }: Fix, amount: number): void {
  for (const [line, part] of touched(edits, layout)) add(scores, line, amount * part)
}
