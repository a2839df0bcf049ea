import type { Code } from '../platform/errors.ts'

/** The thread's start data. */
export interface Work {
  code: string
  /** The interpreter's whole memory, a multiple of 64 kB. */
  bytes: number
  stackBytes: number
  /** How many operations it may call. */
  calls: number
}

/** An error in the form that both sides exchange. */
export interface Failure {
  message: string
  code: Code | undefined
  hint: string | undefined
  /** What the operation found all the same, as JSON. */
  data?: string
}

/** Messages of the thread. `waits` contains how many answers it has received so far. */
export type FromProgram =
  | { is: 'begins' }
  | { is: 'calls'; id: number; tool: 'read' | 'change'; op: string; args: unknown }
  | { is: 'waits'; answers: number }
  | { is: 'done'; text: string | undefined }
  | { is: 'failed'; failure: Failure }

/** Messages to the thread: the data of a call as JSON, or why there is none. */
export type ToProgram = { id: number } & ({ text: string } | { failure: Failure })
