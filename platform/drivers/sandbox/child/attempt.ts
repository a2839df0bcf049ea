import type { Ending, PythonError, PythonRun, Call, CallResult } from '../../../ports/sandbox.ts'
import type { Compiled } from './compile.ts'
import { Ended, explain, type Explained, InvalidCall } from './endings.ts'
import { describeRaised, programFile } from './errors.ts'
import { home, textOf } from './files.ts'
import type { Interpreter } from './interpreter.ts'
import { canRead, dropInput, flush, tryFlush } from './leave.ts'
import { input, nothing, type Written } from './streams.ts'
import { type Loaded, loadingForAll, loadingOnce } from './loading.ts'
import { builtinsIn, isDefined, meaningsIn, release } from './names.ts'
import { type Returned, textOfCall, user } from './steps.ts'
import type { Budget } from './values.ts'

export interface CallOutcome {
  result: CallResult
  stderr: string
  peakMegabytes: number
}

export interface Limits {
  /** The processor time that the program may take to load, and again for each trial. */
  seconds: number
  /** The remaining size of the results. */
  budget: Budget
}

export interface Setting {
  interpreter: Interpreter
  /** See `builtinExceptions`. */
  builtins: Map<number, string>
  /** See `compiler`. */
  compiler: (job: PythonRun, calls: readonly Call[]) => Compiled
  /** See `leaver`. */
  leave: (module: string) => void
  /** See `absentPackages`. */
  absent: () => (error: PythonError | undefined) => boolean
}

type CallEnding = Explained & Returned & Pick<CallResult, 'invalidCall'>

/** Whether other trials of a run may follow one with this ending. */
export const goesOn = (ended: Ending): boolean => ended === 'ok' || ended === 'raised'

/**
 * Runs trials in a fresh interpreter, one after another, until one ends the run or leaves the interpreter in the middle
 * of an operation; then there are fewer results than trials, and the others need a restored interpreter. All share one
 * interruptible script, whose start costs more than a small trial.
 */
export function performCalls(
  setting: Setting,
  job: PythonRun,
  calls: readonly Call[],
  { seconds, budget }: Limits,
): CallOutcome[] {
  const { interpreter } = setting
  const done: CallOutcome[] = []
  const finish = (outcome: CallEnding): void => {
    const next = calls[done.length]
    if (next !== undefined) done.push(resultOf(interpreter, next, { ...outcome, overlooked: [...overlooked] }))
  }
  const overlooked: PythonError[] = []
  /** The ending of the current trial, once the program has ended. */
  let reached: CallEnding | undefined
  interpreter.deadlines.allow(seconds * 1_000)
  try {
    interpreter.deadlines.run(() => {
      const perform = performer(setting, job, calls, { seconds, budget, overlooked })
      for (const call of calls) {
        reached = endingOf(() => perform(call))
        flush(interpreter)
        finish(reached)
        if (!goesOn(reached.ended) || !canRead(interpreter)) break
        reached = undefined
      }
    })
  } catch (thrown) {
    const outcome = reached ?? explain(thrown, seconds)
    if (reached === undefined) tryFlush(interpreter)
    finish(outcome)
  }
  return done
}

/** The trial's own ending. @throws the exception that broke out of the interpreter */
function endingOf(perform: () => Returned): CallEnding {
  try {
    return { ended: 'ok', error: undefined, ...perform() }
  } catch (thrown) {
    if (thrown instanceof Ended)
      return {
        ended: thrown.ended,
        error: thrown.error,
        ...(thrown instanceof InvalidCall ? { invalidCall: true } : {}),
      }
    throw thrown
  }
}

function resultOf(
  interpreter: Interpreter,
  { reads }: Call,
  { ended, error, value, steps, invalidCall, overlooked }: CallEnding & { overlooked: readonly PythonError[] },
): CallOutcome {
  const { streams } = interpreter
  const result = {
    ended,
    stdout: text(streams.out),
    ...(streams.out.cut ? { truncated: true as const } : {}),
    ...(value === undefined ? {} : { value }),
    ...(steps === undefined ? {} : { steps }),
    ...(reads === undefined
      ? {}
      : { files: Object.fromEntries(reads.map(path => [path, textOf(interpreter.api.module, path)])) }),
    ...(error === undefined ? {} : { error }),
    ...(invalidCall === true ? { invalidCall } : {}),
    ...(overlooked.length === 0 ? {} : { overlooked }),
  }
  return { result, stderr: text(streams.err), peakMegabytes: interpreter.usedMegabytes() }
}

/** Whether a program that has left with this exit code has ended as it should, in this namespace. */
type MayLeave = (exitCode: number | string | null | undefined, namespace: number) => boolean

/** Runs a program for a trial, in its own namespace; must be created in a fresh interpreter. */
function performer(
  setting: Setting,
  job: PythonRun,
  calls: readonly Call[],
  { seconds, budget, overlooked }: Limits & { overlooked: PythonError[] },
): (call: Call) => Returned {
  const { interpreter, builtins, compiler, leave, absent } = setting
  const { api, streams, deadlines } = interpreter
  const { c } = api
  const codes = compiler(job, calls)
  const expressions = [...new Set(calls.flatMap(call => textOfCall(call) ?? []))]
  const { definedNames } = job
  const originals = builtinsIn(api, definedNames === undefined ? [] : expressions)
  /** Raises what Python has raised, except that a program may leave. */
  const fail = (kind = Ended, mayLeave?: (exitCode: number | string | null | undefined) => boolean): number => {
    const { is, exitCode, ...raised } = describeRaised(api, builtins, job.code)
    if (is('MemoryError')) throw new Ended('out_of_memory', raised)
    if (is('SystemExit') && mayLeave?.(exitCode) === true) return Number(api.module['__Py_NoneStruct'])
    throw new kind('raised', friendly(raised, streams.stdin.given, exitCode))
  }
  const standIn = absent()
  const asksInVain = ({ message }: PythonError): boolean => message === askedInVain
  const loadOnce = (name: string, mayLeave: MayLeave, words: readonly string[]): Loaded => {
    const namespace = freshModule(interpreter, name)
    const run = (code: number, leave?: MayLeave): number =>
      (code === 0 ? 0 : c('_PyEval_EvalCode', code, namespace, namespace)) ||
      fail(Ended, exitCode => leave?.(exitCode, namespace) === true)
    if (job.prelude !== undefined) run(codes.module(job.prelude, 'prelude.py'))
    const meanings = new Map(
      definedNames === undefined
        ? []
        : words.map(call => [call, meaningsIn(api, call, namespace, { definedNames, originals })]),
    )
    const module = codes.module(job.code, programFile)
    try {
      run(module, mayLeave)
    } catch (thrown) {
      if (!(thrown instanceof Ended) || thrown.error === undefined) throw thrown
      const needless = standIn(thrown.error)
      if (!needless && !(asksInVain(thrown.error) && mayLeave(undefined, namespace))) throw thrown
      overlooked.push(thrown.error)
      if (needless) return loadOnce(name, mayLeave, words)
    }
    return { namespace, module, meanings }
  }
  const load: typeof loadOnce = (...about) => {
    deadlines.allow(seconds * 1_000)
    overlooked.length = 0
    return loadOnce(...about)
  }
  const use = user({ interpreter, codes, budget, fail }, calls)
  /** What a program has defined counts, if there is any of it. */
  const hasDefined: MayLeave = (_, namespace) =>
    definedNames === undefined || definedNames.some(word => isDefined(api, namespace, word))
  const loadFor = (some: readonly string[]): Loaded => load(job.moduleName ?? 'submission', hasDefined, some)
  const loading =
    job.share === 'namespace'
      ? loadingForAll(interpreter, loadFor, expressions)
      : loadingOnce(interpreter, loadFor, { calls: expressions, several: calls.length > 1 })
  return one => {
    const { stdin, files } = one
    const text = textOfCall(one)
    const used = (loaded: Loaded): Returned => {
      deadlines.allow(seconds * 1_000)
      return use(loaded, one)
    }
    const again = text === undefined ? undefined : loading.again()
    if (again === undefined) {
      interpreter.clearFiles()
      Object.assign(streams, { out: nothing(), err: nothing() })
    }
    dropInput(interpreter)
    streams.stdin = input(stdin)
    if (text === undefined) {
      placeFiles(interpreter, files ?? {})
      load('__main__', exitCode => exitCode === 0, [])
      leave('__main__')
      return {}
    }
    if (again !== undefined) return used(again)
    placeFiles(interpreter, files ?? {})
    const loaded = loading.load(text)
    try {
      return used(loaded)
    } finally {
      if (!loading.isKept()) for (const own of loaded.meanings.values()) release(api, own)
    }
  }
}

/** What `input()` says at the end of what it is given; a program may raise its own EOFError. */
const noInput = 'EOF when reading a line'
const askedInVain = 'the program asked for input, but none was given'

function friendly(raised: PythonError, stdinGiven: boolean, exitCode: number | string | null | undefined): PythonError {
  if (raised.mro[0] === 'SystemExit')
    return { ...raised, message: `the program ended itself with exit code ${exitCode}` }
  const isAsked = raised.mro[0] === 'EOFError' && raised.message === noInput
  if (isAsked && !stdinGiven) return { ...raised, message: askedInVain }
  return raised
}

/**
 * Makes a new module `name` in `sys.modules`, so that classes and pickles of the program find their module, and returns
 * its namespace.
 */
function freshModule({ api }: Interpreter, name: string): number {
  const { c } = api
  const modules = c('_PyImport_GetModuleDict')
  if (c('_PyDict_DelItemString', modules, api.name(name)) === 0) c('_PyGC_Collect')
  else c('_PyErr_Clear')
  const namespace = c('_PyModule_GetDict', c('_PyImport_AddModule', api.name(name)))
  c('_PyDict_SetItemString', namespace, api.name('__builtins__'), c('_PyEval_GetBuiltins'))
  c('_PyDict_SetItemString', namespace, api.name('__file__'), c('_PyUnicode_FromString', api.name(programFile)))
  return namespace
}

function placeFiles({ api }: Interpreter, files: Readonly<Record<string, string>>): void {
  const { FS: fs } = api.module
  for (const [path, content] of Object.entries(files)) {
    const folders = path.split('/').slice(0, -1)
    for (const at of folders.keys()) {
      const folder = `${home}/${folders.slice(0, at + 1).join('/')}`
      if (!fs.analyzePath(folder).exists) fs.mkdir(folder)
    }
    fs.writeFile(`${home}/${path}`, content)
  }
}

const text = ({ parts }: Written): string => Buffer.concat(parts).toString('utf8')
