import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { gradeCached } from '../grade/cache.ts'
import { casesOf, type TestCase } from '../grade/test-cases.ts'
import { smallestFound } from '../program/shrink-input.ts'
import { bySize, type Found } from '../program/small-cases.ts'
import { firstWrongStep } from './departure.ts'
import { type Debugged, type DebugOptions, inputOf, nothingWrong, type Work } from './debugged.ts'
import { type Alignment, alignmentsOf, type Layout } from './edits.ts'
import { findFixes, type Fix, verified } from './fix.ts'
import { hintLadder } from './hints.ts'
import { traceProgram } from './runs.ts'
import { unreadable } from './unreadable.ts'
import { type Evidence, likelyLines, suspectsOf } from './scores.ts'
import type { Budget } from './search.ts'
import { flowOf } from './suspects.ts'

const defaultWork = 700_000
const traceSeconds = 3
/** A program that loops need not be waited for as long as a submission is. */
const mostSeconds = 0.6
const hurried = new WeakMap<Exercise, Exercise>()

function hurry(exercise: Exercise): Exercise {
  const known = hurried.get(exercise) ?? {
    ...exercise,
    limits: { ...exercise.limits, seconds: Math.min(exercise.limits.seconds, mostSeconds) },
  }
  hurried.set(exercise, known)
  return known
}

/**
 * Finds the fault of a program: suspicious lines, the smallest failing input, the first wrong step, a fix that passes all
 * tests, and hints. All that is said was seen in a run.
 * @throws what gradeProgram throws.
 */
export async function debugProgram(
  source: string,
  asked: Exercise,
  sandbox: Sandbox,
  options: DebugOptions,
): Promise<Debugged> {
  const exercise = hurry(asked)
  const code = source.replace(/^\uFEFF/, '')
  const rights = [...new Set([asked.reference, ...asked.alternatives, ...(options.peers ?? [])])]
  const whole = asked.kind === 'stdout' || asked.kind === 'file'
  const [{ judgement }, cases, compared] = await Promise.all([
    gradeCached(code, exercise, sandbox, { ...options, detail: 'notes' }),
    casesOf(exercise, options.seed, sandbox),
    alignmentsOf(code, rights, whole, sandbox),
  ])
  if (judgement.verdict === 'passed') return nothingWrong
  const work = { code, exercise, judgement, cases, rights }
  const finding = smallest(work, sandbox, options)
  if (compared === undefined) return unreadable({ ...work, failing: await finding }, sandbox, options)
  const budget = { left: options.searchWork ?? defaultWork, leftOut: new Set<string>() }
  const [failing, evidence] = await Promise.all([
    finding,
    searchFixes({ ...work, ...compared }, budget, sandbox, options),
  ])
  return report({ ...work, failing, ...compared, ...evidence }, budget, sandbox)
}

/** A program that parses, beside right ones. */
interface Compared extends Work {
  layout: Layout
  alignments: readonly Alignment[]
}

/** What the runs on the tests show, and changes that make the program pass. */
interface Searched {
  evidence: Evidence
  fixes: readonly Fix[]
  fix: Fix | undefined
  passing: readonly TestCase[]
}

async function smallest(
  { code, exercise, judgement, cases }: Pick<Work, 'code' | 'exercise' | 'judgement' | 'cases'>,
  sandbox: Sandbox,
  { owner }: DebugOptions,
): Promise<Found | undefined> {
  const search = judgement.verdict === 'failed'
  const judged = { code, exercise, cases, outcomes: judgement.tests, search, searchMs: 300 }
  return smallestFound(judged, sandbox, owner === undefined ? {} : { owner })
}

async function searchFixes(
  { code, exercise, judgement, cases, rights, layout, alignments }: Compared,
  budget: Budget,
  sandbox: Sandbox,
  { seed }: DebugOptions,
): Promise<Searched> {
  const passed = judgement.tests.map(test => test.passed)
  const failing = cases
    .filter((_, at) => passed[at] === false)
    .toSorted((one, other) => bySize({ one }, { one: other }))
  const passing = cases.filter((_, at) => passed[at] === true)
  const follow = failing[0] === undefined ? [] : [cases.indexOf(failing[0])]
  const [traced, flow] = await Promise.all([
    traceProgram(layout.source, exercise, cases, sandbox, { follow, seconds: traceSeconds }),
    flowOf(layout.source, sandbox),
  ])
  const evidence = { judgement, traced, steps: traced?.steps[0] ?? [], passed, flow, alignments, layout }
  const search = { exercise, tests: { failing, passing }, layout, sandbox, budget }
  const likely = likelyLines(evidence)
  const fixes = await findFixes({ exercise, alignments, search, source: code, rights, likely }, sandbox)
  return { evidence, fixes, fix: await verified(fixes, exercise, seed, sandbox), passing }
}

async function report(
  work: Compared & Searched & { failing: Found | undefined },
  { leftOut }: Budget,
  sandbox: Sandbox,
): Promise<Debugged> {
  const { code, exercise, judgement, failing, rights, layout, alignments, evidence, fixes, fix, passing } = work
  const suspicious = suspectsOf(evidence, fixes, fix)
  const found =
    failing === undefined
      ? null
      : await firstWrongStep({ exercise, layout, failing, passing: passing[0], fix, alignment: alignments[0] }, sandbox)
  const step = found === null ? null : { ...found, line: layout.written[found.line - 1] ?? found.line }
  const hints = hintLadder({ judgement, failing, suspicious, step, fix, flow: evidence.flow, rights, code })
  return {
    verdict: judgement.verdict,
    suspicious,
    ...inputOf(failing),
    first_wrong_step: failing?.one.hidden === true && step !== null ? { ...step, got: null, expected: null } : step,
    hints,
    fix,
    left_out: [...leftOut],
  }
}
