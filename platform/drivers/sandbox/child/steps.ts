import type { Call, CallResult, StepResult } from '../../../ports/sandbox.ts'
import type { Compiled } from './compile.ts'
import { Ended, InvalidCall } from './endings.ts'
import type { Interpreter } from './interpreter.ts'
import { flush } from './leave.ts'
import type { Loaded } from './loading.ts'
import { evaluate, keptMeanings, type Meanings } from './names.ts'
import { type Budget, readDict, readValue } from './values.ts'

/** What a trial gives that uses the loaded program. */
export type Returned = Pick<CallResult, 'value' | 'steps'>

/** The text of what a trial does with the loaded program; undefined when it runs the whole program. */
export function textOfCall({ call, steps, before = [], after = [] }: Call): string | undefined {
  if (call !== undefined || steps === undefined) return call
  const texts = steps.flatMap(step => [step.do ?? [], step.call ?? [], step.by ?? []].flat())
  return [...before, ...texts, ...after].join('\n')
}

interface Around {
  interpreter: Interpreter
  codes: Compiled
  budget: Budget
  /** Raises what Python has raised, by default as `Ended`. */
  fail: (kind?: typeof Ended) => number
}

/** Does what trials do with a loaded program; must be created in a fresh interpreter. */
export function user(around: Around, calls: readonly Call[]): (loaded: Loaded, one: Call) => Returned {
  const { interpreter, codes, budget, fail } = around
  const { api } = interpreter
  const hasSteps = calls.some(({ steps }) => steps !== undefined)
  const builtins = hasSteps ? api.c('_PyDict_Copy', api.c('_PyEval_GetBuiltins')) : 0
  return (loaded, one) => {
    const { namespace, module } = loaded
    const meanings = loaded.meanings.get(textOfCall(one) ?? '') ?? new Map()
    const { call } = one
    if (call === undefined) return { steps: performSteps({ ...around, builtins }, loaded, one, meanings) }
    const code = codes.call(call)
    if (code === 0 && codes.isInvalidCall(call)) fail(InvalidCall)
    const result = code === 0 ? 0 : evaluate(api, { code, call, module, namespace, meanings })
    const value = readValue(api, result === 0 ? fail() : result, budget)
    // Releasing a value that is too deep to read would overflow the stack as well.
    if (value.kind !== 'other') api.c('_Py_DecRef', result)
    return { value }
  }
}

/**
 * Performs the steps of a test. Their variables are the test's, so that they change none of the program; the program's
 * own are seen as they are at each step. Patched builtins are the program's alone.
 */
function performSteps(
  { interpreter, codes, budget, builtins, fail }: Around & { builtins: number },
  { namespace, module }: Loaded,
  { steps = [], before = [], after = [] }: Call,
  meanings: Meanings,
): StepResult[] {
  const { api, streams } = interpreter
  const { c, name } = api
  const names = c('_PyDict_New')
  const seen = new Map<number, number>()
  const follow = (): void => {
    for (const [key, value] of readDict(api, namespace)) {
      if (seen.get(key) === value) continue
      if ((seen.get(key) ?? 0) === c('_PyDict_GetItem', names, key)) c('_PyDict_SetItem', names, key, value)
      seen.set(key, value)
    }
  }
  follow()
  for (const [word, { object }] of keptMeanings(api, { module, namespace, meanings }))
    c('_PyDict_SetItemString', names, name(word), object)
  c('_PyDict_SetItemString', names, name('__builtins__'), builtins)
  const run = (code: number, within = names): number =>
    code === 0 ? fail(InvalidCall) : c('_PyEval_EvalCode', code, within, within) || fail()
  const valueOf = ({ call = 'None', by }: { call?: string; by?: string }): number => {
    const result = run(codes.call(call))
    if (by === undefined) return result
    const code = codes.call(by) || fail(InvalidCall)
    const within = c('_PyDict_Copy', names)
    c('_PyDict_SetItemString', within, name('result'), result)
    const own = c('_PyEval_EvalCode', code, within, within)
    if (own !== 0) return own
    c('_PyErr_Clear')
    return result
  }
  const perform = (step: (typeof steps)[number]): StepResult => {
    follow()
    const from = streams.out.parts.length
    const outcome = caught(() => {
      if (step.do !== undefined) {
        run(codes.statements(step.do))
        return {}
      }
      return { value: readValue(api, valueOf(step), budget) }
    })
    flush(interpreter)
    return { stdout: Buffer.concat(streams.out.parts.slice(from)).toString('utf8'), ...outcome }
  }
  for (const text of before) {
    run(codes.statements(text))
    follow()
  }
  flush(interpreter)
  const results = steps.map(perform)
  for (const text of after) run(codes.statements(text))
  return results
}

function caught(perform: () => Pick<StepResult, 'value'>): Omit<StepResult, 'stdout'> {
  try {
    return { ended: 'ok', ...perform() }
  } catch (thrown) {
    if (
      thrown instanceof Ended &&
      thrown.ended === 'raised' &&
      thrown.error !== undefined &&
      !(thrown instanceof InvalidCall)
    )
      return { ended: 'raised', error: thrown.error }
    throw thrown
  }
}
