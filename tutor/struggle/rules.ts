import type { Module, Verdict } from '../../schemas/words.ts'

/**
 * Why a student seems to be stuck. `says_stuck` comes from messages (`stuck.ts`), `quiz_below_half` from quizzes, the others
 * from what was handed in.
 */
export const struggleRules = ['same_error', 'too_long', 'failed_in_a_row', 'quiz_below_half', 'says_stuck'] as const
export type StruggleRule = (typeof struggleRules)[number]

/** A graded submission, as the rules see it. `error`: the type of the error or the code of the first note; null without. */
export interface Attempt {
  submission_id: string
  exercise_id: string
  verdict: Verdict
  /** 0-1, by random tests too. */
  score: number
  /** The calls of its tests, by how they ended; the same call is the same test. */
  passing: readonly string[]
  failing: readonly string[]
  error: string | null
  received_at: Date
  /** When a teacher assigned its exercise to the student last; null where none did. */
  assigned_at: Date | null
}

/** An answered quiz: `score` 0-1; `passed_at`: when the student last passed an exercise of its module, null before the first. */
export interface TakenQuiz {
  quiz_id: string
  module: Module
  score: number
  answered_at: Date
  passed_at: Date | null
}

/** `evidence`: submissions or quizzes, newest first. `exercise_id` is null where several exercises are the evidence. */
export interface Struggle {
  rule: StruggleRule
  exercise_id: string | null
  /** The error that came again; null for other rules. */
  error: string | null
  evidence: readonly string[]
}

/** The same error this often is a struggle. */
export const sameErrors = 3
/** So many failures in a row are a struggle. */
export const failuresInARow = 5
/** A quiz with a smaller share of right answers is a struggle. */
export const leastShare = 0.5
/** In minutes: longer work on one exercise is a struggle. */
export const tooLong = 10
/** In minutes: a longer pause between two attempts is no work. */
export const longestPause = 30
const maxEvidence = 20

const minute = 60_000

/**
 * What a student struggles with now, from the attempts of that student in any order: each rule at most once for an
 * exercise. What came before the last pass of an exercise does not count for that exercise, what came before any pass
 * not for failures in a row, what came before a teacher assigned something that was then passed not at all, and an
 * exercise whose best score just rose is progress, not wheel-spinning (Beck and Gong 2013).
 */
export function strugglesOf(attempts: readonly Attempt[]): Struggle[] {
  const ordered = attempts.toSorted((a, b) => a.received_at.getTime() - b.received_at.getTime())
  const helped = Math.max(
    0,
    ...ordered.flatMap(({ verdict, assigned_at: at, received_at }) =>
      verdict === 'passed' && at !== null && received_at > at ? [at.getTime()] : [],
    ),
  )
  const since = ordered.filter(({ verdict, received_at: at }) => verdict === 'passed' || at.getTime() > helped)
  const open = [...Map.groupBy(since, attempt => attempt.exercise_id).values()]
    .map(sinceLastPass)
    .filter(tries => tries.length > 0)
  const own = open.flatMap(tries => [sameError(tries), workedTooLong(tries)].filter(found => found !== undefined))
  const row = failedInARow(sinceLastPass(ordered))
  return row === undefined ? own : [...own, row]
}

/**
 * The modules whose quizzes show a struggle, from the answered quizzes of one student in any order: those below half that
 * no success came after, which is a quiz of that module with half or more right, or a pass of an exercise of it.
 */
export function quizStruggles(quizzes: readonly TakenQuiz[]): Struggle[] {
  const ordered = quizzes.toSorted((a, b) => b.answered_at.getTime() - a.answered_at.getTime())
  return [...Map.groupBy(ordered, ({ module }) => module).values()].flatMap((taken): Struggle[] => {
    const success = taken.findIndex(
      ({ score, answered_at, passed_at }) => score >= leastShare || (passed_at !== null && passed_at > answered_at),
    )
    const bad = success === -1 ? taken : taken.slice(0, success)
    const evidence = bad.map(({ quiz_id }) => quiz_id).slice(0, maxEvidence)
    return bad.length === 0 ? [] : [{ rule: 'quiz_below_half', exercise_id: null, error: null, evidence }]
  })
}

function sinceLastPass(tries: readonly Attempt[]): Attempt[] {
  return tries.slice(tries.findLastIndex(({ verdict }) => verdict === 'passed') + 1)
}

/** Whether the last of these reached more than each before it. */
function rises(tries: readonly Attempt[]): boolean {
  const last = tries.at(-1)
  return last !== undefined && tries.length > 1 && tries.slice(0, -1).every(earlier => isBetter(last, earlier))
}

/** By the tests that both met, since random ones may be kinder to one of them; by the score where they share none. */
function isBetter(last: Attempt, earlier: Attempt): boolean {
  const [passing, failing] = [new Set(earlier.passing), new Set(earlier.failing)]
  const won = last.passing.filter(call => failing.has(call)).length
  const lost = last.failing.filter(call => passing.has(call)).length
  const shared = [...last.passing, ...last.failing].some(call => passing.has(call) || failing.has(call))
  return shared ? won > lost : last.score > earlier.score
}

function sameError(tries: readonly Attempt[]): Struggle | undefined {
  const last = tries.at(-1)
  if (last === undefined || last.error === null || rises(tries)) return undefined
  const same = tries.filter(({ error }) => error === last.error)
  if (same.length < sameErrors) return undefined
  return { rule: 'same_error', exercise_id: last.exercise_id, error: last.error, evidence: newestFirst(same) }
}

function workedTooLong(tries: readonly Attempt[]): Struggle | undefined {
  const last = tries.at(-1)
  if (last === undefined || rises(tries)) return undefined
  const worked = tries.reduce((sum, { received_at }, at) => {
    const pause = at === 0 ? 0 : received_at.getTime() - (tries[at - 1]?.received_at.getTime() ?? 0)
    return pause > longestPause * minute ? sum : sum + pause
  }, 0)
  if (worked <= tooLong * minute) return undefined
  return { rule: 'too_long', exercise_id: last.exercise_id, error: null, evidence: newestFirst(tries) }
}

function failedInARow(tries: readonly Attempt[]): Struggle | undefined {
  if (tries.length < failuresInARow) return undefined
  const exercises = new Set(tries.map(({ exercise_id }) => exercise_id))
  const [first] = exercises
  return {
    rule: 'failed_in_a_row',
    exercise_id: exercises.size === 1 ? (first ?? null) : null,
    error: null,
    evidence: newestFirst(tries),
  }
}

const newestFirst = (tries: readonly Attempt[]): string[] =>
  tries
    .map(({ submission_id }) => submission_id)
    .toReversed()
    .slice(0, maxEvidence)
