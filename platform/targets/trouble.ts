import type { Code } from '../errors.ts'

/** Something that is wrong: why, what was seen, and what to do. `code` decides how a diagnosis ends. */
export interface Trouble {
  code: Code
  cause: string
  evidence: string
  fix: string
}
