import type { PythonError } from '../../platform/ports/sandbox.ts'
import type { Judgeable } from './holds.ts'
import type { TestCase, Expected } from './test-cases.ts'
import { compare, type Difference, standardTypes } from './compare.ts'
import { repr } from '../python/repr.ts'
import { type Note, note } from '../feedback/note.ts'

/** An exception as shown to a person. */
export type ShownError = Omit<PythonError, 'mro' | 'argument'>

/** One test of a grade. `got` and `expected` are Python text of at most 300 characters. */
export interface TestOutcome {
  call: string
  passed: boolean
  got: string
  expected: string
  hidden: boolean
  error?: ShownError
}

export interface Judged {
  outcome: TestOutcome
  /** What a learner should know about the result, without any value of a hidden test. */
  note?: Note
}

/** Tests as a student may see them: of a hidden one only whether it passed. */
export function forStudent(tests: readonly TestOutcome[]): TestOutcome[] {
  return tests.map(test =>
    test.hidden ? { call: '', passed: test.passed, got: '', expected: '', hidden: true } : test,
  )
}

export function shown({ mro: _mro, argument: _argument, ...error }: PythonError): ShownError {
  return error
}

/** Text as it is compared: trailing blanks of a line and empty lines at the end are ignored. */
export function plainText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .trimEnd()
}

/** Built-in exceptions with an old name, which the class itself does not record. */
const currentName: Readonly<Record<string, string>> = { IOError: 'OSError', EnvironmentError: 'OSError' }

/** Compares what a program did in one test with what it should have done. */
export function judge(one: TestCase, result: Judgeable): Judged {
  const { expected } = one
  if (expected.kind === 'steps') return judgeSteps(one, expected.steps, result)
  const judged = judgeOne(one, result)
  if (expected.printed === undefined || !judged.outcome.passed) return judged
  const printed = judgeOutput({ kind: 'output', stdout: expected.printed, files: {} }, result)
  return printed.passed && expected.kind !== 'done'
    ? judged
    : { ...judged, outcome: { ...judged.outcome, ...printed, expected: outputText(expected.printed, {}) } }
}

/** The first step that is not as it should be decides; its test then ends with it. */
function judgeSteps(one: TestCase, steps: readonly { text: string; expected: Expected }[], result: Judgeable): Judged {
  let note: Note | undefined
  let last: Judged | undefined
  for (const [at, { expected }] of steps.entries()) {
    const label = steps
      .slice(0, at + 1)
      .map(({ text }) => text)
      .join('\n')
    last = judge({ ...one, label, expected }, result.steps?.[at] ?? { ...result, ended: failing(result) })
    note ??= last.note
    if (!last.outcome.passed) break
  }
  if (last === undefined) throw new RangeError('a test has no steps')
  return note === undefined ? last : { ...last, note }
}

/** A test that ended before a step did not end well. */
const failing = ({ ended }: Judgeable): Judgeable['ended'] => (ended === 'ok' ? 'raised' : ended)

function judgeOne({ label, hidden, expected }: TestCase, result: Judgeable): Judged {
  const known = { call: label, hidden, expected: expectedText(expected) }
  if (result.error !== undefined && result.ended !== 'ok') {
    const passed = expected.kind === 'raises' && result.ended === 'raised' && isWanted(expected, result.error, result)
    const outcome = { ...known, passed, got: errorText(result.error) }
    return { outcome: passed ? outcome : { ...outcome, error: shown(result.error) } }
  }
  if (expected.kind === 'output') return { outcome: { ...known, ...judgeOutput(expected, result) } }
  const got = result.value ?? { kind: 'none' }
  if (expected.kind === 'done') return { outcome: { ...known, passed: true, got: repr(got) } }
  if (expected.kind !== 'value')
    return { outcome: { ...known, passed: expected.kind === 'holds' && result.holds === true, got: repr(got) } }
  const { equal, difference } = compare(got, expected.value, expected.tolerance)
  const outcome = { ...known, passed: equal, got: repr(got) }
  return difference === undefined ? { outcome } : { outcome, note: noteOf(difference, hidden ? null : label) }
}

/** Whether an exception is the one that is expected. */
function isWanted(
  { type, message, holds }: Extract<Expected, { kind: 'raises' }>,
  error: PythonError,
  result: Judgeable,
): boolean {
  return (
    error.mro.includes(currentName[type] ?? type) &&
    (message === undefined || message === error.message || message === error.argument) &&
    (holds === undefined || result.holds === true)
  )
}

/** The note about a difference between two values, for the test that shows it. */
function noteOf(difference: Difference, call: string | null): Note {
  if (difference.code === 'type-too-large') return note(difference.code, { call })
  const { code, got, expected } = difference
  // A class that the program made up while it ran could be named after a hidden input.
  const isSecret = call === null && code === 'type-other' && !standardTypes.test(got)
  return note(code, { call, got: isSecret ? 'object' : got, expected })
}

function errorText({ type, message }: PythonError): string {
  return message === '' ? type : `${type}: ${message}`.slice(0, 300)
}

function judgeOutput(
  expected: Extract<Expected, { kind: 'output' }>,
  { stdout, truncated, files = {} }: Judgeable,
): { passed: boolean; got: string } {
  const texts = Object.entries(expected.files)
  const same = (got: string | null | undefined, wanted: string): boolean =>
    typeof got === 'string' && plainText(got) === plainText(wanted)
  const passed =
    (expected.stdout === undefined || (truncated !== true && same(stdout, expected.stdout))) &&
    texts.every(([name, wanted]) => same(files[name], wanted))
  return {
    passed,
    got: outputText(
      expected.stdout === undefined ? undefined : stdout,
      Object.fromEntries(texts.map(([name]) => [name, files[name] ?? null])),
    ),
  }
}

function expectedText(expected: Expected): string {
  switch (expected.kind) {
    case 'value':
      return repr(expected.value)
    case 'holds':
      return cut(expected.condition.trim())
    case 'raises': {
      const { type, message, holds } = expected
      const more = message === undefined ? (holds === undefined ? '' : `, ${holds.trim()}`) : `: ${message}`
      return cut(`raises ${type}${more}`)
    }
    case 'output':
      return outputText(expected.stdout, expected.files)
    default:
      return 'no exception'
  }
}

const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 297)}...` : text)

/** The printed output as it is; files as `name: text`. */
function outputText(stdout: string | undefined, files: Readonly<Record<string, string | null>>): string {
  const parts = Object.entries(files).map(
    ([name, text]) => `${name}: ${text === null ? 'no such file' : repr({ kind: 'str', value: text })}`,
  )
  const text = [...(stdout === undefined ? [] : [stdout]), ...parts].join('\n')
  return cut(text)
}
