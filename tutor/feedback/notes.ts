import type { Sandbox, CallResult, PythonError } from '../../platform/ports/sandbox.ts'
import { absence, commandIn, mayRunCommands } from './absences.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import type { Expected } from '../grade/test-cases.ts'
import { callTextOf, type TestCall } from '../grade/test-calls.ts'
import { type Facts, factsOf } from '../program/facts.ts'
import { standardTypes } from '../grade/compare.ts'
import { type Judged, plainText } from '../grade/judge.ts'
import { lookAlikeDefined, lookAlikeOf, twinNote } from './look-alike-feedback.ts'
import { knownMistake } from './known-mistakes.ts'
import type { CallComparison } from './call-comparison.ts'
import { misconceptionsIn, mostFrequent } from './misconceptions.ts'
import { meaningOf, mistakeAbout } from './exception-feedback.ts'
import { guiltyLines } from './suspicious-lines.ts'
import { misprintsIn, type Print } from './output-feedback.ts'
import { brokenRules } from './rules.ts'
import { specialInput } from './edge-cases.ts'
import { distinctNotes, type Note, note } from './note.ts'
import type { Work, Options } from './work.ts'
import { mayChangeArguments, changedArguments } from './changed-arguments.ts'

/**
 * What a learner should know beyond the tests: equal values of another type, broken rules, and the misconception behind
 * a wrong program. No note reveals a value of a hidden test.
 */
export async function notesOn(work: Work, sandbox: Sandbox, options: Options): Promise<Note[]> {
  const { code, exercise, judged } = work
  // What comes of chance says nothing about why.
  const wrong = work.varying.length === 0 && judged.some(({ outcome }) => !outcome.passed)
  const needsFacts =
    wrong || work.kept.length > 0 || exercise.rules !== undefined || mayChangeArguments(code) || mayRunCommands(code)
  const [facts, known] = await Promise.all([
    needsFacts ? factsOf(code, sandbox) : undefined,
    wrong ? knownMistake(work, sandbox, options.seed) : undefined,
  ])
  const notes = [...typeNotes(judged), ...work.overlooked.map(absence)]
  if (known !== undefined) notes.push(note('known-mistake', { name: known }))
  notes.push(...varyingNotes(work), ...keptNotes(work, facts))
  const guilty = wrong && facts !== undefined ? await guiltyLines(work, facts, sandbox, options) : []
  const alike = wrong ? await lookAlikes(work, facts, sandbox) : []
  const seen = (one: Note): boolean =>
    one.code === 'text-blanks' && alike.some(({ code }) => code === 'text-look-alike')
  if (wrong) notes.push(...missing(work, facts), ...alike)
  if (wrong) notes.push(...misconceptions(work, facts, [...notes, ...guilty]).filter(one => !seen(one)), ...guilty)
  if (facts === undefined) return distinctNotes(notes)
  notes.push(...(await changedArguments(work, facts, sandbox, options)), ...brokenRules(exercise, facts))
  notes.push(...commandIn(facts))
  return distinctNotes(notes)
}

/** What a learner should know about an error that keeps a program from loading. */
export async function notesOnLoading(
  code: string,
  { error, overlooked }: { error: PythonError; overlooked: readonly PythonError[] },
  sandbox: Sandbox,
): Promise<Note[]> {
  const alike = await lookAlikeOf(code, error, sandbox)
  const facts = mayRunCommands(code) ? await factsOf(code, sandbox) : undefined
  const commands = facts === undefined ? [] : commandIn(facts)
  return [...alike, ...[meaningOf(error, code) ?? []].flat(), ...overlooked.map(absence), ...commands]
}

/**
 * Each kind of note once, with the first test that shows it and may be shown. A hidden test names no type that the
 * program may have made up, which is most likely the one that a shown test names.
 */
function typeNotes(judged: readonly Judged[]): Note[] {
  const kinds = Map.groupBy(
    judged.flatMap(({ note: found }) => found ?? []),
    ({ code, params: { call: _call, ...types } }) => JSON.stringify([code, types]),
  )
  const found = [...kinds.values()].flatMap(
    same => same.find(({ params }) => params['call'] !== null) ?? same.slice(0, 1),
  )
  const isNameless = ({ code, params: { call, got } }: Note): boolean =>
    call === null && got === 'object' && found.some(other => other.code === code && other.params['call'] !== null)
  return found.filter(one => !isNameless(one))
}

/** What only looks like the right name or the right text. */
async function lookAlikes(
  { code, exercise, cases, judged, results }: Work,
  facts: Facts | undefined,
  sandbox: Sandbox,
): Promise<Note[]> {
  const shown = cases.flatMap((one, at) => (one.hidden || judged[at]?.outcome.passed !== false ? [] : [{ one, at }]))
  const errors = shown.flatMap(({ at }) => results[at]?.error ?? [])
  const telling = errors.find(({ type }) => type === 'NameError') ?? errors[0]
  const texts = shown.flatMap(({ one: { expected }, at }): [PythonValue, PythonValue][] => {
    const result = results[at]
    if (expected.kind === 'value') return result?.value === undefined ? [] : [[result.value, expected.value]]
    return printsOf(expected, result).map(({ got, expected: text }) => [plainValue(got), plainValue(text)])
  })
  return [
    ...(telling === undefined ? [] : await lookAlikeOf(code, telling, sandbox)),
    ...(facts === undefined ? [] : await lookAlikeDefined(code, { entry: exercise.entry, ...facts }, sandbox)),
    ...(await twinNote(texts, sandbox)),
  ]
}

const plainValue = (text: string): PythonValue => ({ kind: 'str', value: plainText(text) })

/** The first test, if there is one that may be shown, of those at some positions. */
function firstOf(positions: readonly number[], { cases }: Work): string | null {
  return positions.flatMap(at => cases[at] ?? []).find(({ hidden }) => !hidden)?.label ?? null
}

const varyingNotes = (work: Work): Note[] =>
  work.varying.length === 0 ? [] : [note('result-varies', { call: firstOf(work.varying, work) })]

const keeping = new Set<string>(['smell-shared-default', 'smell-shared-attribute'])

/** Which test shows that the program keeps something between calls, and the lines that are known to do so. */
function keptNotes(work: Work, facts: Facts | undefined): Note[] {
  if (work.kept.length === 0) return []
  return [
    note('state-kept', { call: firstOf(work.kept, work) }),
    ...(facts?.smells ?? []).filter(({ code }) => keeping.has(code)).map(({ code, line }) => note(code, { line })),
  ]
}

/** Names that the tests need and the program lacks, and calls that do not fit. */
function missing({ exercise, judged }: Work, facts: Facts | undefined): Note[] {
  const errors = judged.flatMap(({ outcome: { error, hidden } }) => (error === undefined ? [] : { ...error, hidden }))
  const absent = exercise.entry.filter(
    name =>
      errors.some(({ type, message }) => type === 'NameError' && message.includes(`'${name}'`)) &&
      !facts?.defined.includes(name),
  )
  const notes = absent.map(name => {
    const alike =
      facts?.defined.find(
        other => other.toLowerCase().replaceAll('_', '') === name.toLowerCase().replaceAll('_', ''),
      ) ?? facts?.defined[0]
    return alike === undefined ? note('name-missing', { name }) : note('name-different', { name, defined: alike })
  })
  // With a line of the program it is the program's own call that does not fit, and its text may be anything.
  const misfit = errors
    .toSorted((one, other) => Number(one.hidden) - Number(other.hidden))
    .find(
      ({ type, message, line }) =>
        type === 'TypeError' &&
        line === undefined &&
        exercise.entry.some(name => message.startsWith(`${name}() `)) &&
        /argument/.test(message),
    )
  return misfit === undefined
    ? notes
    : [...notes, note('call-misfit', { message: misfit.hidden ? null : misfit.message })]
}

/** `said`: the notes on types and on lines that are to blame. */
function misconceptions(work: Work, facts: Facts | undefined, said: readonly Note[]): Note[] {
  const { cases, results, judged } = work
  const answers = cases.flatMap(({ expected, hidden }, at): CallComparison[] => {
    const result = results[at]
    return expected.kind === 'value' && result?.value !== undefined
      ? [{ got: shownType(result.value, hidden, work.code), expected: expected.value, stdout: result.stdout }]
      : []
  })
  const prints = cases.flatMap(({ expected }, at) => printsOf(expected, results[at]))
  const unasked = judged
    .filter(({ outcome }) => !outcome.passed)
    .every(({ outcome }) => outcome.error !== undefined && meaningOf(outcome.error)?.code === 'error-end-of-input')
  const tried = cases.map(({ call }, at) => ({ input: inputOf(call), passed: judged[at]?.outcome.passed === true }))
  // A program that ends with an error in some tests does not always give the same.
  const isRefuted = ({ code }: Note): boolean =>
    code === 'value-constant' && judged.some(({ outcome }) => outcome.error !== undefined)
  const values = [...misconceptionsIn(answers), ...misprintsIn(prints, facts?.prompts === true)]
  const found = [
    ...values.filter(one => !saysTypesAgain(one, said) && !isRefuted(one)),
    ...(cases.every(({ expected }, at) => lacksFile(expected, results[at])) ? [note('output-file-missing')] : []),
    ...(unasked ? [note('input-exhausted')] : mishaps(work, said)),
  ]
  if (found.length === 0) found.push(...[specialInput(tried) ?? []].flat())
  return [...found, ...shownOnly(work)]
}

/** A type that the program made up while it ran could be named after a hidden input. */
const shownType = (value: PythonValue, hidden: boolean, code: string): PythonValue =>
  hidden && value.kind === 'other' && !standardTypes.test(value.type) && !code.includes(value.type)
    ? { ...value, type: 'object' }
    : value
const saysTypesAgain = ({ code }: Note, said: readonly Note[]): boolean =>
  code === 'value-type' && said.some(one => one.code === 'type-sequence' || one.code === 'type-other')

const lacksFile = (expected: Expected, result: CallResult | undefined): boolean =>
  expected.kind === 'output' &&
  result?.ended === 'ok' &&
  Object.keys(expected.files).some(name => (result.files?.[name] ?? null) === null)

/** What was printed and written, in tests where output is expected. */
function printsOf(expected: Expected, result: CallResult | undefined): Print[] {
  if (expected.kind !== 'output' || result?.ended !== 'ok') return []
  const files = Object.entries(expected.files).flatMap(([name, text]) => ({
    got: result.files?.[name] ?? undefined,
    expected: text,
  }))
  return [{ got: result.stdout, expected: expected.stdout }, ...files].filter(
    (print): print is Print => print.got !== undefined && print.expected !== undefined,
  )
}

/** The text between the parentheses of a call, or the typed input. */
function inputOf(one: TestCall): string {
  const call = callTextOf(one)
  return call === undefined ? (one.stdin ?? '') : call.slice(call.indexOf('('))
}

/** The share of the failed tests that must end with the same error. */
const shareOfErrors = 0.8

/** What is wrong about the exceptions of most of the failed tests, except those that were stopped. */
function mishaps({ cases, judged, results, code }: Work, said: readonly Note[]): Note[] {
  const failed = judged.flatMap(({ outcome }, at) =>
    outcome.passed || !isOwn(results[at]) ? [] : [{ outcome, expected: cases[at]?.expected }],
  )
  const found = failed.map(({ outcome: { error, got, hidden }, expected }) =>
    mistakeAbout(
      {
        returned: got,
        isSwallowed: said.some(one => one.code === 'smell-swallowed-error'),
        isHidden: hidden,
        ...(error === undefined ? {} : { error }),
        ...(expected?.kind === 'raises' ? { wanted: expected.type } : {}),
      },
      code,
    ),
  )
  return [mostFrequent(found, shareOfErrors) ?? []].flat()
}

/** Whether a result is the program's own and not that of a limit. */
const isOwn = (result: CallResult | undefined): boolean => result?.ended === 'ok' || result?.ended === 'raised'

/** Detects answers that were hard-coded instead of computed. */
function shownOnly({ cases, judged }: Work): Note[] {
  // Random tests are no more known to a student than hidden ones.
  const outcomes = judged.map(({ outcome }, at) => ({
    ...outcome,
    hidden: outcome.hidden || cases[at]?.keys[0] === 'generate',
  }))
  const [visible, others] = [outcomes.filter(test => !test.hidden), outcomes.filter(test => test.hidden)]
  const fits =
    visible.length > 1 && others.length > 1 && visible.every(test => test.passed) && others.every(test => !test.passed)
  return fits ? [note('tests-shown-only')] : []
}
