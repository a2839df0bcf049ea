import type { ExerciseTest, GeneratedTest } from '../../schemas/exercise.ts'
import type { Call, PythonRun, Step } from '../../platform/ports/sandbox.ts'
import type { Exercise } from '../exercise/parse-exercise.ts'
import { stringText } from '../python/repr.ts'

/** A step with what must hold of its result, which only a trusted interpreter learns. */
export type TestStep = Step & { holds?: string }
export type TestCall = Omit<Call, 'steps'> & { steps?: readonly TestStep[] }

/** What the runs of every program of an exercise have in common. */
export const surroundings = ({ prelude, import_as }: Exercise): Pick<PythonRun, 'prelude' | 'moduleName'> => ({
  ...(prelude === undefined ? {} : { prelude }),
  ...(import_as === undefined ? {} : { moduleName: import_as }),
})

/** Trials with files get a fresh interpreter, so that no test finds the files of another. */
export function callOf(exercise: Exercise, test: ExerciseTest | GeneratedTest): TestCall {
  const files =
    test.files ?? (exercise.kind === 'file' || exercise.tests.some(other => other.files !== undefined) ? {} : undefined)
  return {
    ...performed(exercise, test),
    ...(files === undefined ? {} : { files }),
    ...('writes' in test ? { reads: Object.keys(test.writes) } : {}),
  }
}

/** A whole program gets its input, a call only where the test has one. */
function performed(exercise: Exercise, test: ExerciseTest | GeneratedTest): TestCall {
  const steps = stepsOf(exercise, test)
  const stdin = 'stdin' in test && test.stdin !== undefined ? { stdin: test.stdin } : {}
  if (steps !== undefined) return { steps, ...stdin, ...aroundSteps(exercise, test) }
  return 'call' in test ? { call: test.call, ...stdin } : { stdin: '', ...stdin }
}

/** The steps of a test that needs more than the value of a call. */
function stepsOf({ helpers }: Exercise, test: ExerciseTest | GeneratedTest): readonly TestStep[] | undefined {
  if ('steps' in test)
    return test.steps.map(step => ({
      ...('do' in step ? { do: step.do } : { call: step.call }),
      ...lookedAt(step),
    }))
  if (!('call' in test)) return undefined
  const needs = helpers !== undefined || ['by', 'holds', 'stdout', 'patch'].some(key => key in test)
  return needs ? [{ call: test.call, ...lookedAt(test) }] : undefined
}

function lookedAt(step: object): Pick<TestStep, 'by' | 'holds'> {
  const { by, holds }: { by?: string; holds?: string } = step
  return { ...(by === undefined ? {} : { by }), ...(holds === undefined ? {} : { holds }) }
}

function aroundSteps(
  { helpers, import_as = 'submission' }: Exercise,
  test: ExerciseTest | GeneratedTest,
): Pick<Call, 'before' | 'after'> {
  const patches = Object.entries('patch' in test ? (test.patch ?? {}) : {})
  const before = helpers === undefined ? [] : [helpers]
  if (patches.length === 0) return before.length === 0 ? {} : { before }
  const set = patches.map(([name, value]) => `__patch(${stringText(name)}, (${value}\n))`)
  return { before: [...before, patching(import_as), ...set], after: ['__unpatch()'] }
}

/**
 * Replaces a part of a module, also where the program has imported it by name; a name without a dot is a builtin.
 */
const patching = (module: string): string => `
__patched = []
def __patch(target, new):
    import builtins, importlib, sys
    *path, name = target.split(".")
    owner = builtins
    for size in range(len(path), 0, -1):
        try:
            owner = importlib.import_module(".".join(path[:size]))
        except ImportError:
            continue
        for part in path[size:]:
            owner = getattr(owner, part)
        break
    else:
        if path:
            raise ModuleNotFoundError(f"there is no module {path[0]} to patch")
    missing = object()
    old = getattr(owner, name, missing)
    setattr(owner, name, new)
    __patched.append((owner, name, old, missing))
    program = vars(sys.modules["${module}"])
    for word in [word for word, value in program.items() if value is old]:
        program[word] = new
def __unpatch():
    for owner, name, old, missing in reversed(__patched):
        delattr(owner, name) if old is missing else setattr(owner, name, old)
`

/** Whether a trial runs the program as a whole. */
export const isWholeProgram = ({ call, steps }: TestCall): boolean => call === undefined && steps === undefined

/** The one call of a test, also of one with helpers around it; undefined when it has several steps. */
export function callTextOf({ call, steps }: TestCall): string | undefined {
  return call ?? (steps?.length === 1 ? steps[0]?.call : undefined)
}

/** The same test of another call. */
export const withCallText = ({ steps, ...one }: TestCall, call: string): TestCall =>
  steps === undefined ? { ...one, call } : { ...one, steps: steps.map(step => ({ ...step, call })) }

/** No condition reaches the interpreter that runs the program. */
export const withoutConditions = ({ steps, ...call }: TestCall): TestCall =>
  steps === undefined ? call : { ...call, steps: steps.map(({ holds: _holds, ...step }) => step) }
