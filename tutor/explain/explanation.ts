/** Replaces text from line and column up to the end, which is excluded; all count from 1, columns in characters. */
export interface Replacement {
  line: number
  column: number
  end_line: number
  end_column: number
  old: string
  new: string
}

/** An edit that was tried; `program` is the whole program after it and all of `edits`. */
export interface Edit extends Replacement {
  program: string
}

/**
 * Why a program does not run: `class` is an id, `line` and `column` (both from 1) are where the student must look, which
 * may be another place than the one that Python names in `python_message` and `python_line`. Without a fault the class
 * is `none`. `fixes_all` says whether Python can read the program after the edits, which count in the program as it
 * is after those before.
 */
export interface Explanation {
  class: string
  title: string
  cause: string
  question: string
  line: number
  column: number
  python_message?: string
  python_line?: number
  /** What to do about it, with the names and values of the program. */
  advice?: string
  /** The names and expressions of the crash line as they were, bounded texts. */
  values?: Record<string, string>
  /** Where the wrong value was made, when that is another line. */
  made?: { line: number; text: string }
  edit?: Edit
  edits?: Replacement[]
  fixes_all?: boolean
}
