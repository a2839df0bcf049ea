import type { Code } from '../errors.ts'

/** Something that is wrong: the cause, the evidence, and the fix. `code` decides the error code of a diagnosis. */
export interface Trouble {
  code: Code
  cause: string
  evidence: string
  fix: string
}
