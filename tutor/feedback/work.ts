import type { CallResult, PythonError } from '../../platform/ports/sandbox.ts'
import type { TestCase } from '../grade/test-cases.ts'
import type { Judged } from '../grade/judge.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'

/** A program that was judged test by test. */
export interface Work {
  code: string
  exercise: Exercise
  cases: readonly TestCase[]
  judged: readonly Judged[]
  results: readonly CallResult[]
  /** What is not here and was asked for while the program loaded. */
  overlooked: readonly PythonError[]
  /** The positions of tests that fail after the others only; see `keptState`. */
  kept: readonly number[]
  /** The positions of tests that are right in one run and wrong in another; see `varyingResults`. */
  varying: readonly number[]
}

/** As in `GradeOptions`. */
export interface Options {
  seed: string
  owner?: string
}
