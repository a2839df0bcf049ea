import type { Program, Node } from '../tree.ts'
import type { Params } from '../rules.ts'
import type { Edit } from '../edit.ts'

/** What is known of the task: names that it gives, which are not the student's choice, and whether it asks for output. */
export interface About {
  givenNames: ReadonlySet<string>
  /** Functions that are to return something, and to print nothing. */
  returning: ReadonlySet<string>
}

/** A place that a rule of `rules.yaml` is about, with the params of its text and, where there is one, what would mend it. */
export interface Found {
  rule: string
  at: Pick<Node, 'from' | 'to'>
  params: Params
  edits?: Edit[]
  /** Where the same stands as well. */
  also?: Node
}

/** Looks for one rule or a few that are alike. */
export type Detector = (program: Program, about: About) => Iterable<Found>
