import type { Module } from '../../schemas/words.ts'
import type { ExerciseBank } from '../exercise/bank.ts'

/** 0-1 each, null while there is no data. */
export type Components = Record<'completion' | 'quiz' | 'quality' | 'consistency', number | null>

/** `mastery` 0-100, unrounded. */
export interface Mastery {
  module: Module
  mastery: number
  level: 'Beginner' | 'Learning' | 'Proficient' | 'Mastered'
  components: Components
  bank_version: string
}

const weights = { completion: 0.4, quiz: 0.3, quality: 0.2, consistency: 0.1 } as const
const dayMs = 86_400_000
const windowDays = 14

/** 100 * sum(w*c) / sum(w) over the components that have data; 0 when none has. Independent of any order. */
export function combine(components: Components): number {
  let weighted = 0
  let weight = 0
  for (const [name, value] of Object.entries(components) as [keyof Components, number | null][]) {
    if (value === null) continue
    weighted += weights[name] * value
    weight += weights[name]
  }
  return weight === 0 ? 0 : (100 * weighted) / weight
}

/** The level of an unrounded mastery: <= 40 Beginner, <= 70 Learning, <= 90 Proficient, else Mastered. */
export function levelOf(mastery: number): Mastery['level'] {
  if (mastery <= 40) return 'Beginner'
  if (mastery <= 70) return 'Learning'
  return mastery <= 90 ? 'Proficient' : 'Mastered'
}

/**
 * Distinct UTC days with a graded submission among the last 14 / min(14, days since the first one + 1); null without
 * any.
 */
export function consistencyOf(days: readonly string[], asOf: Date): number | null {
  const today = Math.floor(asOf.getTime() / dayMs)
  const numbers = [...new Set(days.map(day => Math.floor(Date.parse(day) / dayMs)))].filter(day => day <= today)
  if (numbers.length === 0) return null
  const span = Math.min(windowDays, today - Math.min(...numbers) + 1)
  return numbers.filter(day => day > today - windowDays).length / span
}

/** The mean, over the exercises passed, of the best quality with which each was; null when none has a quality. */
export function qualityOf(submissions: readonly Pick<GradedSubmission, 'exercise_id' | 'quality'>[]): number | null {
  const best = new Map<string, number>()
  for (const { exercise_id: id, quality } of submissions)
    if (quality !== null) best.set(id, Math.max(quality, best.get(id) ?? 0))
  return best.size === 0
    ? null
    : [...best.values()].toSorted((a, b) => a - b).reduce((sum, one) => sum + one, 0) / best.size
}

/**
 * One submission: its newest grade with the quality of the program, 0-1, null where it has none, and the UTC day on
 * which it was submitted, `YYYY-MM-DD`.
 */
export interface GradedSubmission {
  exercise_id: string
  passed: boolean
  quality: number | null
  day: string
}

/** The mean of scores, 0-1, in whatever order; null without any. A quiz is answered once, so each has one score. */
export const quizOf = (scores: readonly number[]): number | null =>
  scores.length === 0 ? null : scores.toSorted((a, b) => a - b).reduce((sum, one) => sum + one, 0) / scores.length

/**
 * The mastery of one module from all graded submissions to it and the scores of all quizzes about it; there must be at
 * least one of either.
 */
export function masteryFrom(
  { submissions, quizzes = [] }: { submissions: readonly GradedSubmission[]; quizzes?: readonly number[] },
  bank: ExerciseBank,
  module: Module,
  asOf: Date,
): Mastery {
  const inBank = new Set(
    bank
      .list()
      .filter(exercise => exercise.module === module)
      .map(exercise => exercise.id),
  )
  const passed = new Set(
    submissions.filter(row => row.passed && inBank.has(row.exercise_id)).map(row => row.exercise_id),
  )
  const components: Components = {
    completion: inBank.size === 0 ? null : passed.size / inBank.size,
    quiz: quizOf(quizzes),
    quality: qualityOf(submissions.filter(row => row.passed && inBank.has(row.exercise_id))),
    consistency: consistencyOf(
      submissions.map(row => row.day),
      asOf,
    ),
  }
  const mastery = combine(components)
  return { module, mastery, level: levelOf(mastery), components, bank_version: bank.version }
}
