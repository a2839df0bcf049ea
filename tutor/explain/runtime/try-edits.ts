import type { PythonResult, Sandbox } from '../../../platform/ports/sandbox.ts'
import type { RuntimeOptions } from './options.ts'
import { type Facts, type Finding, readFacts } from './facts.ts'
import { probe } from './scripts.ts'

/** A crash whose edits are to be tried; `spent` are the seconds that the program took, `stdout` is what it printed. */
export interface Trial {
  program: string
  facts: Facts
  findings: readonly Finding[]
  spent: number
  options: RuntimeOptions
  stdout: string
}

/** The milliseconds that the runs may take together, waiting not counted, and the number of edits. */
const maxMs = 1_100
const maxTried = 6
/** A loop that was mended must end within so many seconds. */
const maxSeconds = 0.5

/**
 * The first edit with which the program runs past its crash; of those of the same finding rather one with which it runs
 * to its end.
 */
export async function triedEdit(
  trial: Trial,
  sandbox: Sandbox,
): Promise<{ finding: Finding; edit: Finding['edits'][number] } | undefined> {
  let spent = 0
  const candidates = trial.findings.flatMap(finding => finding.edits.map(edit => ({ finding, edit })))
  const seconds = Math.min(maxSeconds, Math.max(0.2, trial.spent * 3))
  let further: (typeof candidates)[number] | undefined
  for (const candidate of candidates.slice(0, maxTried)) {
    if (spent > maxMs || (further !== undefined && further.finding !== candidate.finding)) break
    const run = await probe(candidate.edit.program, { ...trial.options, mode: 'crash', seconds }, sandbox)
    spent += run.duration_ms
    if (readFacts(run)?.ended === 'ok') return candidate
    if (helps(run, trial, candidate.edit)) further ??= candidate
  }
  return further
}

/** Whether the program gets further than before: it ends, or crashes later and elsewhere. */
function helps(run: PythonResult, { facts, stdout }: Trial, edit: Finding['edits'][number]): boolean {
  const after = readFacts(run)
  if (after === undefined || after.ended === 'not-parsed') return false
  if (after.ended === 'ok') return true
  if (facts.ended === 'loop') return false
  const added = edit.new.split('\n').length - edit.old.split('\n').length
  const moved = (line: number): number => (line > edit.line ? line - added : line)
  const [before, now] = [facts.frames, after.frames.map(frame => ({ ...frame, line: moved(frame.line) }))]
  const [first, firstNow] = [before[0]?.line ?? 0, now[0]?.line ?? 0]
  const [last, lastNow] = [before.at(-1), now.at(-1)]
  const printed = (run.calls[0]?.stdout ?? '').length
  if (printed < stdout.length || firstNow < first) return false
  if (firstNow > first || printed > stdout.length) return true
  // Still within the same statement of the module: further down in the same function, or in one that it called.
  return last?.function === lastNow?.function ? (lastNow?.line ?? 0) > (last?.line ?? 0) : now.length !== before.length
}
