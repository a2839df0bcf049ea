import { detectors } from './detect/all.ts'
import type { About } from './detect/found.ts'
import { qualityFrom } from './quality.ts'
import type { Edit } from './edit.ts'
import { type Diagnostic, lint } from './ruff.ts'
import { fill, type Rule, rules } from './rules.ts'
import { tooLarge, withoutComments } from './size.ts'
import { type Strength, strengthOf } from './strengths.ts'
import { type Program, treeOf } from './tree.ts'

/** One place of a program that a rule is about. Lines count from 1. */
export interface Remark {
  rule: Rule
  line: number
  reason: string
  edits: Edit[]
  also: number[]
}

/**
 * What reading a program shows. `problem` says why there are no remarks: it does not parse, or is too large. Remarks are
 * in the order of their weight, then of the text.
 */
export type Reading =
  | { problem: 'syntax' | 'size'; why: string }
  | { problem: undefined; remarks: Remark[]; quality: number; strength: Strength | undefined }

/** Nothing is known of the task. */
export const noTask: About = { givenNames: new Set(), returning: new Set() }

/** Said only with an edit: without one a name in the way, such as a `max` of the program's own, keeps it from being true. */
const needsEdit = new Set(['PLR1730'])

/** Codes that are about a name, which may be one that the task gives. */
const aboutNames = /^(?:A00|N80|E741)/

/** Reads a program by all rules, without running it; a pure function of its text and the task. */
export function readProgram(source: string, about: About = noTask): Reading {
  const code = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const why = tooLarge(code)
  if (why !== undefined) return { problem: 'size', why }
  const bare = withoutComments(code)
  const linted = lintOf(bare) ?? (bare === code ? undefined : lintOf(code))
  if (linted === 'too deep') return { problem: 'size', why: 'it is nested too deeply' }
  if (linted === undefined) return { problem: 'syntax', why: 'it is not valid Python' }
  const program = treeOf(code)
  const remarks = [
    ...linted
      .filter(({ rule, names }) => !(aboutNames.test(rule) && about.givenNames.has(names[0] ?? '')))
      .filter(({ rule, edits }) => edits.length > 0 || !needsEdit.has(rule))
      .map(told(code)),
    ...(program === undefined ? [] : detected(program, about)),
  ].toSorted((one, other) => other.rule.weight - one.rule.weight || one.line - other.line)
  const found = remarks.map(({ rule }) => rule)
  const names = new Set(found.map(({ rule }) => rule))
  return {
    problem: undefined,
    remarks,
    quality: qualityFrom(found),
    strength: program === undefined ? undefined : strengthOf(program, names),
  }
}

/** `tooLarge` estimates the depth from the tokens: what it misses exhausts the stack of the linter, which says so. */
function lintOf(code: string): Diagnostic[] | 'too deep' | undefined {
  try {
    return lint(code)
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError')) return 'too deep'
    throw error
  }
}

const ruleOf = (name: string): Rule => {
  const rule = rules.get(name)
  if (rule === undefined) throw new RangeError(`${name} is not in tutor/review/rules.yaml`)
  return rule
}

/** Rules whose edits leave half of a statement. */
const unsure = new Set(['F841'])

const told = (code: string): ((diagnostic: Diagnostic) => Remark) => {
  const lines = lineCounter(code)
  return ({ rule: name, names, from, edits }) => {
    const rule = ruleOf(name)
    const params = Object.fromEntries(names.map((text, at) => [at + 1, text]))
    return { rule, line: lines(from), reason: fill(rule.text, params), edits: unsure.has(name) ? [] : edits, also: [] }
  }
}

const lineCounter =
  (code: string) =>
  (offset: number): number =>
    code.slice(0, offset).split('\n').length

function detected(program: Program, about: About): Remark[] {
  return detectors.flatMap(detect =>
    [...detect(program, about)].map(({ rule: name, at, params, edits = [], also }) => {
      const rule = ruleOf(name)
      const more = also === undefined ? [] : [program.lineAt(also.from)]
      return { rule, line: program.lineAt(at.from), reason: fill(rule.text, params), edits, also: more }
    }),
  )
}
