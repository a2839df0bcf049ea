import { createHash } from 'node:crypto'
import type { ExerciseTest, GeneratedTest, Step as WrittenStep, Tolerance } from '../../schemas/exercise.ts'
import { PlatformError } from '../../platform/errors.ts'
import type { Sandbox, Call, CallResult, Step, StepResult } from '../../platform/ports/sandbox.ts'
import type { PythonValue } from '../../platform/ports/python-value.ts'
import { generateCases } from '../exercise/generate-inputs.ts'
import { memoize } from '../memoize.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { repr } from '../python/repr.ts'
import { holdsOther } from './compare.ts'
import { syntaxOf } from './holds.ts'
import { callOf, callTextOf, surroundings, type TestCall, type TestStep } from './test-calls.ts'
import { shareOf } from './reach.ts'

/** What a test of an exercise does and what its result must be. */
export interface TestCase {
  /** The name shown to a person: the call, or the input. */
  label: string
  hidden: boolean
  /** Its path in the exercise file. */
  keys: readonly [string, number]
  call: TestCall
  expected: Expected
}

/** `printed` is what a call or a step must print besides; `done` means that it raises nothing. */
export type Expected = (
  | { kind: 'value'; value: PythonValue; tolerance: Tolerance | undefined }
  | { kind: 'holds'; condition: string }
  | { kind: 'raises'; type: string; message?: string; holds?: string }
  | { kind: 'done' }
  | { kind: 'output'; stdout: string | undefined; files: Readonly<Record<string, string>> }
  | { kind: 'steps'; steps: readonly { text: string; expected: Expected }[] }
) & { printed?: string }

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
 * The tests of an exercise with the random ones of a seed, the hidden ones last: they run in this order, so that no shown
 * result can hold anything of a hidden test. Their expected results are computed in a trusted
 * interpreter, where no student's program ever runs, and cached.
 * @throws EXERCISE_FAULTY when an expectation or the reference fails.
 */
export async function casesOf(exercise: Exercise, seed: string, sandbox: Sandbox): Promise<TestCase[]> {
  const key = `${contentOf(exercise)} ${exercise.generate.length === 0 ? '' : seed}`
  return recall(key, async () => workOut(exercise, seed, sandbox))
}

async function workOut(exercise: Exercise, seed: string, sandbox: Sandbox): Promise<TestCase[]> {
  const [written, random] = await Promise.all([writtenCases(exercise, sandbox), randomCases(exercise, seed, sandbox)])
  return [...written, ...random].toSorted((one, other) => Number(one.hidden) - Number(other.hidden))
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
  const authored = { trusted: true, authored: true, owner: exercise.id }
  const around = { ...surroundings(exercise), megabytes, seconds: trustedSeconds, ...authored }
  const run = await sandbox.run({ ...around, ...shareOf(code, exercise), code, calls })
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
  const values = await expectedValues(exercise, sandbox)
  return exercise.tests.map((test, at) => ({
    label: labelOf(test),
    hidden: test.hidden === true,
    keys: ['tests', at],
    call: callOf(exercise, test),
    expected: expectedOf(exercise, test, values.get(test) ?? []),
  }))
}

/** The result of the expectation of each step of a test; that of a test without steps is the first. */
type Values = readonly (StepResult | CallResult | undefined)[]

/** What trusted code gives for everything that tests expect. @throws EXERCISE_FAULTY */
async function expectedValues(exercise: Exercise, sandbox: Sandbox): Promise<Map<ExerciseTest, Values>> {
  const plain = exercise.tests.filter(test => 'expect' in test && callOf(exercise, test).steps === undefined)
  const stepped = exercise.tests.filter(test => callOf(exercise, test).steps !== undefined)
  const expressions = plain.map(({ files, ...test }) => ({
    call: 'expect' in test ? test.expect : 'None',
    ...(files === undefined ? {} : { files }),
  }))
  const asked = stepped.map(test => askedOf(exercise, test))
  const [values, steps] = await Promise.all([
    trusted(exercise, '', expressions, sandbox),
    trusted(
      exercise,
      exercise.reference,
      asked.map(({ call }) => call),
      sandbox,
    ),
    refuseFaultyConditions(exercise, sandbox),
  ])
  const faultyAt = steps.findIndex(({ invalidCall }) => invalidCall === true)
  if (faultyAt !== -1) throw faulty(exercise, `${labelOf(stepped[faultyAt] ?? {})} is no Python`)
  return new Map([
    ...plain.map((test, at) => [test, [values[at]]] as const),
    ...stepped.map((test, at) => [test, expectationsIn(steps[at], asked[at]?.places ?? [])] as const),
  ])
}

/** A test's steps, and after each what it is expected to give; `places` says where that is. */
function askedOf(exercise: Exercise, test: ExerciseTest): { call: Call; places: (number | undefined)[] } {
  const { steps = [], ...around } = callOf(exercise, test)
  const wanted: readonly (ExerciseTest | WrittenStep)[] = 'steps' in test ? test.steps : [test]
  const all: Step[] = []
  const places = wanted.map((one, at) => {
    const { holds: _holds, ...step }: TestStep = steps[at] ?? {}
    all.push(step)
    if (!('expect' in one)) return undefined
    return all.push({ call: one.expect, ...(one.by === undefined ? {} : { by: one.by }) }) - 1
  })
  return { call: { ...around, steps: all }, places }
}

/** A test whose steps did not begin has the same failure for every expectation. */
const expectationsIn = (result: CallResult | undefined, places: readonly (number | undefined)[]): Values =>
  places.map(at => (at === undefined ? undefined : (result?.steps?.[at] ?? result)))

/** @throws EXERCISE_FAULTY for the first condition that is no Python expression */
async function refuseFaultyConditions(exercise: Exercise, sandbox: Sandbox): Promise<void> {
  const conditions = exercise.tests
    .flatMap((test): readonly (ExerciseTest | WrittenStep)[] => ('steps' in test ? test.steps : [test]))
    .flatMap(step => ('holds' in step ? (step.holds ?? []) : []))
  const calls = conditions.map(holds => ({ steps: [{ call: syntaxOf(holds) }] }))
  const results = await trusted(exercise, '', calls, sandbox)
  const at = results.findIndex(({ invalidCall }) => invalidCall === true)
  if (at !== -1) throw faulty(exercise, `holds: ${conditions[at]} is no Python expression`)
}

/** What must come of a step, or of a test without steps. */
function expectedOf(exercise: Exercise, test: ExerciseTest | WrittenStep, values: Values): Expected {
  if ('steps' in test) {
    const expected = (step: WrittenStep, at: number): Expected => expectedOf(exercise, step, [values[at]])
    return {
      kind: 'steps',
      steps: test.steps.map((step, at) => ({ text: textOfStep(step), expected: expected(step, at) })),
    }
  }
  const printed = test.stdout === undefined ? {} : { printed: test.stdout }
  if ('raises' in test) {
    const { raises: type, message, holds } = test
    return { kind: 'raises', type, ...printed, ...defined({ message, holds }) }
  }
  if ('expect' in test) return { ...valueOf(exercise, test.expect, values[0], test.tolerance), ...printed }
  if ('holds' in test) return { kind: 'holds', condition: test.holds, ...printed }
  if ('call' in test || 'do' in test) return { kind: 'done', ...printed }
  return { kind: 'output', stdout: test.stdout, files: 'writes' in test ? test.writes : {} }
}

const defined = <Parts extends object>(parts: Parts): { [Key in keyof Parts]?: Exclude<Parts[Key], undefined> } =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as never

/** The value that trusted code returned. @throws EXERCISE_FAULTY */
function valueOf(
  exercise: Exercise,
  expression: string,
  result: CallResult | StepResult | undefined,
  tolerance: Tolerance | undefined,
): Extract<Expected, { kind: 'value' }> {
  if (result?.value === undefined)
    throw faulty(exercise, `${expression} raises ${result?.error?.type}: ${result?.error?.message}`)
  if (holdsOther(result.value))
    throw faulty(
      exercise,
      `${expression} is ${repr(result.value)}, which is not plain built-in data and cannot be compared; say in by ` +
        'what to compare, as by: repr(result)',
    )
  return { kind: 'value', value: result.value, tolerance }
}

async function randomCases(exercise: Exercise, seed: string, sandbox: Sandbox): Promise<TestCase[]> {
  const made = generateCases(exercise, seed)
  const calls = made.map(({ test, call, stdin }) =>
    callOf(exercise, { ...test, ...(call === undefined ? { stdin } : { call }) } as GeneratedTest),
  )
  const results = await trusted(exercise, exercise.reference, calls, sandbox)
  return made.map(({ test, at }, index): TestCase => {
    const [call, result] = [calls[index] ?? {}, results[index]]
    const label = callTextOf(call) ?? labelOf(call)
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
  if ('call' in test) return valueOf(exercise, label, result?.steps?.[0] ?? result, test.tolerance)
  if (result?.ended !== 'ok')
    throw faulty(exercise, `the reference raises ${result?.error?.type} for ${label}: ${result?.error?.message}`)
  return { kind: 'output', stdout: result.stdout, files: {} }
}

function labelOf(test: { call?: string; stdin?: string | undefined; steps?: readonly object[] }): string {
  if (test.steps !== undefined) return test.steps.map(textOfStep).join('\n')
  if (test.call !== undefined) return test.call
  return test.stdin === undefined || test.stdin === ''
    ? 'the program'
    : `the program with input ${repr({ kind: 'str', value: test.stdin })}`
}

const textOfStep = (step: { do?: string; call?: string }): string => (step.do ?? step.call ?? '').trimEnd()
