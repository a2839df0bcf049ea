import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/history/tables.ts'
import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Verdict } from '../../schemas/words.ts'
import { debugRecalled } from '../../tutor/debug/recall.ts'
import type { Debugged } from '../../tutor/debug/debugged.ts'
import type { ExerciseBank } from '../../tutor/exercise/bank.ts'
import type { Exercise } from '../../tutor/exercise/parse-exercise.ts'
import { explain } from '../../tutor/explain/explain.ts'
import type { Explanation } from '../../tutor/explain/explanation.ts'
import { explainTraceback } from '../../tutor/explain/runtime/explain-traceback.ts'
import { explanationText } from '../../tutor/explain/show.ts'
import { type Asked, type AskedProgram, type Reading, readAsked } from '../asked.ts'

/**
 * What is known of a fault. With an exercise `verdict` is that of its tests and the smallest failing one is told;
 * `class` and `line` are of the explanation (docs/tutoring.md, "Explain"), null where nothing was raised. `submitted`:
 * the program is the one that was handed in last. No program that passes is in it.
 */
export interface Diagnosis {
  exercise_id: string | null
  submitted: boolean
  verdict: Verdict | null
  failing_input: string | null
  got: string | null
  expected: string | null
  class: string | null
  line: number | null
  text: string
}

interface Ports {
  db: Kysely<Tables>
  bank: ExerciseBank
  sandbox: Sandbox
}

const nothing: Omit<Diagnosis, 'text'> = {
  exercise_id: null,
  submitted: false,
  verdict: null,
  failing_input: null,
  got: null,
  expected: null,
  class: null,
  line: null,
}
/** What a program that asks for input gets when nobody says what was typed in. */
const typedIn = '1'
const seconds = 2

/** Finds what is wrong with the program or the error message of a question, else with what was handed in last. */
export async function diagnose({ db, bank, sandbox }: Ports, asked: Asked): Promise<Diagnosis> {
  const { message, program, exercise } = await readAsked(db, bank, asked)
  const shown = message.code === '' ? undefined : message.code
  const reported = message.errors.length > 0 ? await explainTraceback(sandbox, asked.text, shown) : undefined
  if (reported !== undefined && (shown === undefined || exercise === undefined)) return explained(reported, shown)
  const found =
    program === undefined
      ? undefined
      : exercise === undefined
        ? await ofProgram(program, asked.studentId, sandbox)
        : await ofExercise(program, exercise, asked.studentId, sandbox)
  const named = shown === undefined && (found === undefined || found.verdict === 'passed') ? namedError(message) : ''
  const told = named === '' ? undefined : await explainTraceback(sandbox, named)
  if (told !== undefined) return ofName(told)
  return (
    found ?? {
      ...nothing,
      text: 'Send the program, or what Python printed, with the message: then the fault can be found.',
    }
  )
}

/** An exception that is named in a sentence, with its message where it follows: "I get KeyError: 'age'". */
function namedError({ prose }: Reading['message']): string {
  const [, name, said = ''] =
    /\b([A-Z]\w{1,50}(?:Error|Exception|Iteration|Interrupt))\b(?:\s{0,3}:\s{0,3}([^\n]{1,200}))?/.exec(prose) ?? []
  const message = said.split(/(?<=[\w')])[.?!](?:\s|$)|,? (?:but|and|what|why|how)\b/)[0]?.trim() ?? ''
  return name === undefined ? '' : message === '' ? name : `${name}: ${message}`
}

/** What an error says by itself; the edits are shown, because no exercise would be solved by them. */
const explained = (found: Explanation, code: string | undefined): Diagnosis => ({
  ...nothing,
  class: found.class,
  line: found.line,
  text: explanationText(found, { mostLines: code === undefined ? Number.POSITIVE_INFINITY : linesOf(code) }),
})

/** What the name of an error says without a program: no line and no value, which nobody knows. */
function ofName({ class: name, title, python_message = '' }: Explanation): Diagnosis {
  const means = `${python_message.replace(/: $/, '')} means: ${title[0]?.toLowerCase()}${title.slice(1)}.`
  const next = 'Send the program, or all that Python printed: then the line and the cause can be found.'
  return { ...nothing, class: name, text: `${means} ${next}` }
}

async function ofProgram({ code, submitted }: AskedProgram, owner: string, sandbox: Sandbox): Promise<Diagnosis> {
  const reads = /\binput\s*\(|\bstdin\b/.test(code)
  const found = await explain(code, sandbox, { owner, seconds, ...(reads ? { stdin: `${typedIn}\n`.repeat(20) } : {}) })
  const typed = reads ? ` with ${typedIn} typed in` : ''
  const ran = `The program runs to its end without an error${typed}. Say what it should do and does not.`
  const raised = found.class !== 'none'
  return { ...(raised ? explained(found, code) : { ...nothing, class: 'none', text: ran }), submitted }
}

async function ofExercise(
  { code, seed, submitted }: AskedProgram,
  exercise: Exercise,
  owner: string,
  sandbox: Sandbox,
): Promise<Diagnosis> {
  const found = await debugRecalled(code, exercise, sandbox, { seed, owner })
  const { verdict, failing_input, got, expected } = found
  const about = { ...nothing, exercise_id: exercise.id, submitted, verdict, failing_input, got, expected }
  const whose = `${submitted ? 'Your last program' : 'This program'} for ${exercise.title} (${exercise.id})`
  if (verdict === 'passed') return { ...about, text: `${whose} passes all tests.` }
  const raised = await crash(code, exercise, found, owner, sandbox)
  return {
    ...about,
    class: raised?.class ?? null,
    line: raised?.line ?? null,
    text: [
      `${whose} does not pass: ${verdict.replaceAll('_', ' ')}.`,
      failing_input === null
        ? 'The tests that fail are hidden.'
        : `For ${failing_input.trim()} it gives ${got}; expected is ${expected}.`,
      ...(raised === undefined ? [] : [explanationText(raised, { edits: false, mostLines: linesOf(code) })]),
      found.hints[0] ?? '',
      `Ask for a hint to go on, or: learnflow hint ${exercise.id}`,
    ].join('\n'),
  }
}

/** Why the smallest failing test ends in an error, if it does: seen by running the program on it. */
async function crash(
  code: string,
  { kind }: Exercise,
  { failing_input: input }: Debugged,
  owner: string,
  sandbox: Sandbox,
): Promise<Explanation | undefined> {
  const run = { owner, seconds }
  const found =
    kind === 'function' && input !== null
      ? await explain(`${code}\n\n${input}\n`, sandbox, run)
      : await explain(code, sandbox, kind === 'stdout' && input !== null ? { ...run, stdin: input } : run)
  return found.class === 'none' ? undefined : found
}

const linesOf = (code: string): number => code.split(/\r\n|\r|\n/u).length
