import type { Sandbox } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { readOutcome } from '../exercise/run-mutants.ts'
import { withHolds } from '../grade/holds.ts'
import { judge } from '../grade/judge.ts'
import { withoutConditions } from '../grade/test-calls.ts'
import { contentOf, type TestCase } from '../grade/test-cases.ts'
import { memoize } from '../memoize.ts'
import { itemsOf, numberOf, runScript, textOf } from '../python/scripts.ts'

/** A step of a run: what the line changed. `frame` numbers the calls; the value that a call gives has the name `return`. */
export interface Step {
  line: number
  frame: number
  function: string
  changed: (readonly [name: string, value: string])[]
}

/** The lines that each test runs, and the steps of the tests that were followed, the first 3,000 of each. */
export interface Traced {
  lines: number[][]
  steps: Step[][]
}

const paceSeconds = 10
/** How many jumps and calls a run may take where no right program says more. */
const fewestSteps = 2_000
const recallPaces = memoize<number[]>(500)
/** Seconds of computing after which the interpreter itself is stopped: far more than the work of a search takes. */
const maxSeconds = 10

/** Whether each program passed each test, undefined for one that was not reached; and the work that was done for it. */
export interface Tried {
  passed: (boolean[] | undefined)[]
  work: number
}

/** What the runs of one program of an exercise have in common; the reference's pace limits them. */
async function around(exercise: Exercise, cases: readonly TestCase[], sandbox: Sandbox): Promise<object> {
  const { prelude = null, import_as: module = null, reference: source } = exercise
  const asked = { prelude, module, inputs: cases.map(({ call }) => withoutConditions(call)) }
  const steps = await recallPaces(JSON.stringify([contentOf(exercise), asked.inputs]), async () => {
    const output = await runScript('paces', { ...asked, source }, sandbox, paceSeconds)
    return output === undefined ? cases.map(() => fewestSteps) : itemsOf(output).map(numberOf)
  })
  return { ...asked, steps }
}

/**
 * Whether each program passes each test, in an interpreter that knows no expected value; undefined for one that does not
 * compile, or was not reached with this much work (in steps of the programs) or stopped the interpreter. A quick look:
 * what counts is judged anew.
 * @throws SANDBOX_CRASHED, DEPENDENCY_DOWN
 */
export async function tryPrograms(
  sources: readonly string[],
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  work: number,
): Promise<Tried> {
  const none = sources.map(() => undefined)
  if (sources.length === 0 || cases.length === 0) return { passed: none, work: 0 }
  const asked = { ...(await around(exercise, cases, sandbox)), sources, work }
  const output = await runScript('tries', asked, sandbox, maxSeconds)
  if (output === undefined) return { passed: none, work }
  const [done, tried] = itemsOf(output)
  const all = itemsOf(tried).map(one => (one.kind === 'none' ? undefined : itemsOf(one).map(readOutcome)))
  const ran = all.filter(one => one !== undefined)
  const calls = cases.map(({ call }) => call)
  const results = await withHolds(
    ran.flatMap(() => calls),
    ran.flat(),
    exercise,
    sandbox,
  )
  let at = 0
  const passed = sources.map((_, index) => {
    if (all[index] === undefined) return undefined
    const own = results.slice(at, (at += cases.length))
    return cases.map((one, test) => own[test] !== undefined && judge(one, own[test]).outcome.passed)
  })
  return { passed, work: numberOf(done) }
}

/** Follows a program on some of the tests; undefined when it does not parse or stops the interpreter. */
export async function traceProgram(
  source: string,
  exercise: Exercise,
  cases: readonly TestCase[],
  sandbox: Sandbox,
  { follow, seconds }: { follow: readonly number[]; seconds: number },
): Promise<Traced | undefined> {
  const asked = { ...(await around(exercise, cases, sandbox)), source, follow }
  const output = await runScript('tracing', asked, sandbox, seconds)
  if (output === undefined) return undefined
  const [lines, traces] = itemsOf(output)
  return {
    lines: itemsOf(lines).map(list => itemsOf(list).map(numberOf)),
    steps: itemsOf(traces).map(list =>
      itemsOf(list).map(step => {
        const [line, frame, name, changed] = itemsOf(step)
        const pairs = itemsOf(changed).map(pair => itemsOf(pair).map(textOf))
        return {
          line: numberOf(line),
          frame: numberOf(frame),
          function: textOf(name),
          changed: pairs.map(([key = '', value = '']) => [key, value] as const),
        }
      }),
    ),
  }
}
