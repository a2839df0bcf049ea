import type { Sandbox } from '../../../platform/ports/sandbox.ts'
import type { Edit, Explanation, Replacement } from '../explanation.ts'
import { applied, type Candidate, type Change, shortest, wholeWords } from './changes.ts'
import { checkPrograms, type Fault } from './check.ts'
import { classOfMessage, syntaxClasses } from './classes.ts'
import { repair, type Repair, type Step } from './repair.ts'
import { placeOf, type Source, sourceOf } from './source.ts'
import { spotOf } from './spot.ts'

/** The class of a program about which nothing more is known than that Python cannot read it. */
export const fallback = 'invalid-syntax'

/**
 * Why Python cannot read a program: the class, the place where the student must look, and an edit that was tried.
 * Undefined when Python can read it. Reads, never runs, and answers within bounded time whatever the text is.
 */
export async function explainSyntax(program: string, sandbox: Sandbox): Promise<Explanation | undefined> {
  const text = program.replaceAll(/\r\n?/g, '\n')
  const [first] = (await checkPrograms([text], sandbox)) ?? [tooMuch]
  if (first === 'parses' || first === 'unread' || first === undefined) return undefined
  return explanationOf(sourceOf(text), first, await repair(text, first, sandbox))
}

const tooMuch: Fault = {
  stage: 0,
  type: 'MemoryError',
  message: 'too many nested parts',
  line: 1,
  column: 1,
  endLine: 0,
  endColumn: 0,
}

function explanationOf(source: Source, fault: Fault, { steps, left, guess }: Repair): Explanation {
  const said = classOfMessage(fault.message)
  const [step] = steps
  const id = said?.always === true ? said.id : (step?.candidate.class ?? said?.id ?? guess?.class ?? fallback)
  const place = step === undefined ? placeOfFault(source, fault) : placeOf(source, lookOf(source, step.candidate))
  const params = { line: String(fault.line), ...(step?.candidate ?? guess)?.params, ...editWords(source, step) }
  const end = steps.at(-1)?.after
  const edits = steps.flatMap(one => replacements(one.source, one.candidate.changes))
  return {
    ...textsOf(id, params),
    ...place,
    python_message: `${fault.type}: ${fault.message}`,
    python_line: fault.line,
    ...(step === undefined || end === undefined
      ? {}
      : { edit: editOf(source, step.candidate, end), edits, fixes_all: left === undefined }),
  }
}

function placeOfFault(source: Source, fault: Fault): { line: number; column: number } {
  const spot = spotOf(source, fault)
  return spot === undefined ? { line: fault.line, column: fault.column } : placeOf(source, spot.at)
}

function lookOf({ text }: Source, { changes, look }: Candidate): number {
  const first = changes.toSorted((one, other) => one.at - other.at)[0]
  return look ?? (first === undefined ? 0 : tidy(text, first).at)
}

/** The whole of one candidate's changes as one replacement, from the first to the last of them. */
function editOf(source: Source, { changes }: Candidate, program: string): Edit {
  const at = Math.min(...changes.map(change => change.at))
  const end = Math.max(...changes.map(change => change.end))
  const shifted = changes.map(change => ({ ...change, at: change.at - at, end: change.end - at }))
  const whole = { at, end, text: applied(source.text.slice(at, end), shifted) }
  return { ...replacementOf(source, tidy(source.text, whole)), program }
}

const replacements = (source: Source, changes: readonly Change[]): Replacement[] =>
  changes.map(change => replacementOf(source, tidy(source.text, change)))

function replacementOf(source: Source, { at, end, text }: Change): Replacement {
  const [from, to] = [placeOf(source, at), placeOf(source, end)]
  return {
    line: from.line,
    column: from.column,
    end_line: to.line,
    end_column: to.column,
    old: source.text.slice(at, end),
    new: text,
  }
}

/** What the texts may say of the first change. */
function editWords(source: Source, step: Step | undefined): Record<string, string> {
  const change = step?.candidate.changes[0]
  if (change === undefined) return { old: '', new: '' }
  const { at, end, text } = tidy(source.text, change)
  return { old: source.text.slice(at, end).trim().slice(0, 40), new: text.trim().slice(0, 40) }
}

/** The texts of a class with its places filled. @throws RangeError for a class without texts. */
function textsOf(
  id: string,
  params: Readonly<Record<string, string>>,
): Pick<Explanation, 'class' | 'title' | 'cause' | 'question'> {
  const known = syntaxClasses().get(id)
  if (known === undefined) throw new RangeError(`there is no text for the class ${id}`)
  const fill = (text: string): string | undefined => {
    const filled = text.replaceAll(/\{(\w+)\}/g, (place, name: string) => params[name] ?? place)
    const places = [...text.matchAll(/\{(\w+)\}/g)]
    return places.some(([, name = '']) => params[name] === undefined) ? undefined : filled
  }
  // Where only Python's message names the class, nothing is known of the signs beside it.
  return {
    class: id,
    title: known.title,
    cause: fill(known.cause) ?? `${known.title}.`,
    question: fill(known.question) ?? 'Read the line aloud, sign by sign. What belongs to what?',
  }
}

/** A change without what both sides share, in whole words. */
const tidy = (text: string, change: Change): Change => wholeWords(text, shortest(text, change))
