import type { Sandbox } from '../../platform/ports/sandbox.ts'
import { explainSyntax } from '../explain/syntax/explain-syntax.ts'
import type { Found } from '../program/small-cases.ts'
import { type Debugged, type DebugOptions, inputOf, nothingWrong, type Work } from './debugged.ts'
import { type Fix, verified } from './fix.ts'
import { hintLadder } from './hints.ts'

/** What can be said of a program that does not parse: its fault, and the edits after which Python can read it. */
export async function unreadable(
  { code, exercise, judgement, failing, rights }: Work & { failing: Found | undefined },
  sandbox: Sandbox,
  { seed }: DebugOptions,
): Promise<Debugged> {
  const { error, verdict } = judgement
  const explanation = await explainSyntax(code, sandbox)
  const lines = [explanation?.line, explanation?.python_line, error?.line].filter(line => line !== undefined)
  const suspicious = [...new Set(lines)].map((line, at) => ({ line, score: 1 / (1 + at) }))
  const program = explanation?.fixes_all === true ? explanation.edit?.program : undefined
  const edited = program === undefined ? undefined : mendedBy(code, program)
  const fix = edited === undefined ? undefined : await verified([edited], exercise, seed, sandbox)
  const [first] = suspicious
  return {
    ...nothingWrong,
    verdict,
    suspicious,
    ...inputOf(failing),
    first_wrong_step: {
      line: first?.line ?? 1,
      step: 0,
      name: 'error',
      got: error?.type ?? 'SyntaxError',
      expected: null,
    },
    hints: hintLadder({ judgement, failing, suspicious, rights, fix: edited, code, explanation }),
    fix,
  }
}

/** The change from one program to another as one edit of the lines that differ. */
function mendedBy(code: string, program: string): Fix {
  const [before, after] = [code.split('\n'), program.split('\n')]
  const shared = before.findIndex((line, at) => line !== after[at])
  const first = shared === -1 ? before.length : shared
  let end = 0
  while (end < Math.min(before.length, after.length) - first && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const layout = { source: code, written: before.map((_, at) => at + 1) }
  const lines = after.slice(first, after.length - end)
  const edit = { first: first + 1, last: before.length - end + 1, lines, near: first + 1, about: 'syntax' }
  return { kind: 'edited', program, edits: [edit], layout }
}
