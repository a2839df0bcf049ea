import type { PythonValue } from '../../platform/ports/python-value.ts'
import { compare } from '../grade/compare.ts'
import type { Note } from './note.ts'

/** A test of a call: what was returned, what should have been, and what was printed meanwhile. */
export interface CallComparison {
  got: PythonValue
  expected: PythonValue
  stdout: string
}

/**
 * The note for one kind of wrong answer, if the answer is of it; notes hold no value, so that they reveal nothing of a
 * hidden test.
 */
export type Detector = (answer: CallComparison) => Note | undefined

/** Whether both are the same value, floats within 1e-9. */
export const equal = (got: PythonValue, expected: PythonValue): boolean => compare(got, expected, 1e-9).equal

export const isNumber = (value: PythonValue): value is Extract<PythonValue, { kind: 'int' | 'float' }> =>
  value.kind === 'int' || value.kind === 'float'
