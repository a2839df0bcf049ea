import type { Verdict } from '../../schemas/words.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import type { Judgement } from '../grade/grade.ts'
import type { TestCase } from '../grade/test-cases.ts'
import type { Found } from '../program/small-cases.ts'
import type { WrongStep } from './departure.ts'
import type { Fix } from './fix.ts'
import type { Suspect } from './scores.ts'

/** What is known of a wrong program. Lines count from 1 in the program as written; scores are 0-1. */
export interface Debugged {
  verdict: Verdict
  /** The lines that may be wrong, the likeliest first; of something missing the line after which it is. */
  suspicious: Suspect[]
  /** The smallest call or input known to fail; null when the program passes, or only hidden tests show it. */
  failing_input: string | null
  got: string | null
  expected: string | null
  first_wrong_step: WrongStep | null
  /** Hints of levels 1 nudge, 2 where, 3 what, 4 code; none for a program that passes. */
  hints: string[]
  /** A program that passes all tests, for level 4 and for teachers. */
  fix: Fix | undefined
  /** What was not done because it would have taken too long. */
  left_out: string[]
}

export interface DebugOptions {
  /** Picks the random tests. */
  seed: string
  owner?: string
  /** Other programs that pass, such as accepted ones of other students. */
  peers?: readonly string[]
  /** How much may be tried, in steps (calls and jumps back) of the programs; default 700,000. */
  searchWork?: number
}

/** What is said of a program that passes. */
export const nothingWrong: Debugged = {
  verdict: 'passed',
  suspicious: [],
  failing_input: null,
  got: null,
  expected: null,
  first_wrong_step: null,
  hints: [],
  fix: undefined,
  left_out: [],
}

/** A program that was judged, beside the right ones of its exercise. */
export interface Work {
  code: string
  exercise: Exercise
  judgement: Judgement
  cases: readonly TestCase[]
  rights: readonly string[]
}

/** The smallest failing test as it may be told. */
export const inputOf = (failing: Found | undefined): Pick<Debugged, 'failing_input' | 'got' | 'expected'> =>
  failing === undefined || failing.one.hidden
    ? { failing_input: null, got: null, expected: null }
    : {
        failing_input: failing.one.call.stdin ?? failing.one.label,
        got: failing.outcome.got,
        expected: failing.outcome.expected,
      }
