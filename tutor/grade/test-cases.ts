import { createHash } from 'node:crypto'
import type { ExerciseTest, GeneratedTest } from '../../schemas/exercise.ts'
import { PlatformError } from '../../platform/errors.ts'
import type { Sandbox, Call, CallResult } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { generateCases } from '../exercise/generate-inputs.ts'
import { memoize } from '../memoize.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { repr } from '../python/repr.ts'

/** What a test of an exercise does and what its result must be. */
export interface TestCase {
  /** The name shown to a person: the call, or the input. */
  label: string
  hidden: boolean
  /** Its path in the exercise file. */
  keys: readonly [string, number]
  call: Call
  expected: Expected
}

export type Expected =
  | { kind: 'value'; value: PythonValue; tolerance: number | undefined }
  | { kind: 'raises'; type: string }
  | { kind: 'output'; stdout: string | undefined; files: Readonly<Record<string, string>> }

/** Seconds that the trusted run of all expectations of an exercise may take. */
const trustedSeconds = 30
const recall = memoize<TestCase[]>(2_000)
const hashes = new WeakMap<Exercise, string>()

/** A short text that changes with anything in an exercise. */
export function contentOf(exercise: Exercise): string {
  const hash = hashes.get(exercise) ?? createHash('sha256').update(JSON.stringify(exercise)).digest('hex')
  hashes.set(exercise, hash)
  return hash
}

/**
 * The tests of an exercise with the random ones of a seed. Their expected results are computed in a trusted
 * interpreter, where no student's program ever runs, and cached.
 * @throws EXERCISE_FAULTY when an expectation or the reference fails.
 */
export async function casesOf(exercise: Exercise, seed: string, sandbox: Sandbox): Promise<TestCase[]> {
  const key = `${contentOf(exercise)} ${exercise.generate.length === 0 ? '' : seed}`
  return recall(key, async () => workOut(exercise, seed, sandbox))
}

async function workOut(exercise: Exercise, seed: string, sandbox: Sandbox): Promise<TestCase[]> {
  const [written, random] = await Promise.all([writtenCases(exercise, sandbox), randomCases(exercise, seed, sandbox)])
  return [...written, ...random]
}

/** Runs trusted code. @throws EXERCISE_FAULTY when it does not finish. */
async function trusted(
  exercise: Exercise,
  code: string,
  calls: readonly Call[],
  sandbox: Sandbox,
): Promise<CallResult[]> {
  if (calls.length === 0) return []
  const { megabytes } = exercise.limits
  const prelude = exercise.prelude === undefined ? {} : { prelude: exercise.prelude }
  const run = await sandbox.run({ ...prelude, code, calls, megabytes, seconds: trustedSeconds, trusted: true })
  if (run.calls.length === calls.length && (run.ended === 'ok' || run.ended === 'raised')) return run.calls
  throw faulty(
    exercise,
    `its expected results could not be worked out: ${run.ended} at test ${run.calls.length} of ${calls.length}`,
  )
}

const faulty = ({ id }: Exercise, message: string): PlatformError =>
  new PlatformError('EXERCISE_FAULTY', `exercise ${id}: ${message}`, {
    hint: `learnflow tutor check the exercise ${id}.`,
  })

async function writtenCases(exercise: Exercise, sandbox: Sandbox): Promise<TestCase[]> {
  const values = exercise.tests.filter(test => 'expect' in test)
  const calls = values.map(({ expect, files }) => ({ call: expect, ...(files === undefined ? {} : { files }) }))
  const results = new Map(
    (await trusted(exercise, '', calls, sandbox)).map((result, at) => [values[at] as ExerciseTest, result]),
  )
  return exercise.tests.map((test, at) => ({
    label: labelOf(test),
    hidden: test.hidden === true,
    keys: ['tests', at],
    call: callOf(exercise, test),
    expected: expectedOf(exercise, test, results.get(test)),
  }))
}

function expectedOf(exercise: Exercise, test: ExerciseTest, result: CallResult | undefined): Expected {
  if ('raises' in test) return { kind: 'raises', type: test.raises }
  if ('expect' in test) return valueOf(exercise, test.expect, result, test.tolerance)
  return { kind: 'output', stdout: test.stdout, files: 'writes' in test ? test.writes : {} }
}

/** The value that trusted code returned. @throws EXERCISE_FAULTY */
function valueOf(
  exercise: Exercise,
  expression: string,
  result: CallResult | undefined,
  tolerance: number | undefined,
): Expected {
  if (result?.value === undefined)
    throw faulty(exercise, `${expression} raises ${result?.error?.type}: ${result?.error?.message}`)
  if (holdsOther(result.value))
    throw faulty(
      exercise,
      `${expression} is ${repr(result.value)}, which is not plain built-in data and cannot be compared`,
    )
  return { kind: 'value', value: result.value, tolerance }
}

/** Whether a value contains something that equals nothing. */
export function holdsOther(value: PythonValue): boolean {
  if (value.kind === 'dict') return value.entries.some(pair => pair.some(holdsOther))
  return 'items' in value ? value.items.some(holdsOther) : value.kind === 'other'
}

async function randomCases(exercise: Exercise, seed: string, sandbox: Sandbox): Promise<TestCase[]> {
  const made = generateCases(exercise, seed)
  const calls = made.map(({ test, call, stdin }) =>
    callOf(exercise, { ...test, ...(call === undefined ? { stdin } : { call }) } as GeneratedTest),
  )
  const results = await trusted(exercise, exercise.reference, calls, sandbox)
  return made.map(({ test, at }, index): TestCase => {
    const [call, result] = [calls[index] ?? {}, results[index]]
    const label = labelOf(call)
    return {
      label,
      hidden: false,
      keys: ['generate', at],
      call,
      expected: referenceResult(exercise, label, test, result),
    }
  })
}

function referenceResult(
  exercise: Exercise,
  label: string,
  test: GeneratedTest,
  result: CallResult | undefined,
): Expected {
  if ('call' in test) return valueOf(exercise, label, result, test.tolerance)
  if (result?.ended !== 'ok')
    throw faulty(exercise, `the reference raises ${result?.error?.type} for ${label}: ${result?.error?.message}`)
  return { kind: 'output', stdout: result.stdout, files: {} }
}

/** Trials with files get a fresh interpreter, so that no test finds the files of another. */
function callOf({ kind, tests }: Exercise, test: ExerciseTest | GeneratedTest): Call {
  const files = test.files ?? (kind === 'file' || tests.some(other => other.files !== undefined) ? {} : undefined)
  return {
    ...('call' in test ? { call: test.call } : { stdin: test.stdin ?? '' }),
    ...(files === undefined ? {} : { files }),
    ...('writes' in test ? { reads: Object.keys(test.writes) } : {}),
  }
}

function labelOf(test: { call?: string; stdin?: string | undefined }): string {
  if (test.call !== undefined) return test.call
  return test.stdin === undefined || test.stdin === ''
    ? 'the program'
    : `the program with input ${repr({ kind: 'str', value: test.stdin })}`
}
