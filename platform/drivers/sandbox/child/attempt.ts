import type { Ending, PythonError, PythonRun, Trial, TrialResult } from '../../../ports/sandbox.ts'
import type { Compiled } from './compile.ts'
import { Ended, explain, type Explained } from './endings.ts'
import { describeRaised, programFile } from './errors.ts'
import { home } from './files.ts'
import type { Interpreter } from './interpreter.ts'
import type { Api } from './module.ts'
import { flush, tryFlush } from './leave.ts'
import { input, nothing, type Written } from './streams.ts'
import { type Budget, readValue } from './values.ts'

export interface Attempt {
  trial: TrialResult
  stderr: string
  peakMegabytes: number
}

export interface Limits {
  /** On the clock of `performance.now`. */
  end: number
  /** The same as it was asked for, to speak of it. */
  seconds: number
  /** What the results may still hold. */
  budget: Budget
}

export interface Setting {
  interpreter: Interpreter
  /** See `builtinExceptions`. */
  builtins: Map<number, string>
  /** See `compiler`. */
  compiler: (job: PythonRun, trials: readonly Trial[]) => Compiled
  /** See `leaver`. */
  leave: (module: string) => void
}

const typeSubclass = 1 << 31 // Py_TPFLAGS_TYPE_SUBCLASS, CPython Include/object.h

type Outcome = Explained & { value?: TrialResult['value'] }

/** Whether other trials of a run may follow one that ended so. */
export const goesOn = (ended: Ending): boolean => ended === 'ok' || ended === 'raised'

/**
 * Trials in an interpreter as new, one after another, up to one that ends the run or leaves the interpreter in the middle of something:
 * then there are fewer results than trials, and others need it restored. All are under one watchdog, whose start costs more than a small trial.
 */
export function attempts(setting: Setting, job: PythonRun, trials: readonly Trial[], { end, seconds, budget }: Limits): Attempt[] {
  const { interpreter } = setting
  const done: Attempt[] = []
  const finish = (outcome: Outcome): void => {
    const next = trials[done.length]
    if (next !== undefined) done.push(told(interpreter, next, outcome))
  }
  /** Of the trial that is under way, once the program has ended. */
  let reached: Outcome | undefined
  try {
    interpreter.until(end, () => {
      const perform = performer(setting, job, trials, budget)
      for (const [at, trial] of trials.entries()) {
        if (at > 0) interpreter.clearFiles()
        Object.assign(interpreter.streams, { out: nothing(), err: nothing() })
        reached = endingOf(() => perform(trial))
        flush(interpreter)
        finish(reached)
        if (!goesOn(reached.ended)) break
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

/** What a trial came to by itself. @throws what tore it out of the interpreter */
function endingOf(perform: () => TrialResult['value']): Outcome {
  try {
    const value = perform()
    return { ended: 'ok', error: undefined, ...(value === undefined ? {} : { value }) }
  } catch (thrown) {
    if (thrown instanceof Ended) return { ended: thrown.ended, error: thrown.error }
    throw thrown
  }
}

function told(interpreter: Interpreter, { reads }: Trial, { ended, error, value }: Outcome): Attempt {
  const { streams } = interpreter
  const trial = {
    ended,
    stdout: text(streams.out),
    ...(streams.out.cut ? { truncated: true as const } : {}),
    ...(value === undefined ? {} : { value }),
    ...(reads === undefined ? {} : { files: readBack(interpreter, reads) }),
    ...(error === undefined ? {} : { error }),
  }
  return { trial, stderr: text(streams.err), peakMegabytes: interpreter.usedMegabytes() }
}

/** Runs a program for a trial, in a namespace of its own; to be made in an interpreter as new. */
function performer(
  { interpreter, builtins, compiler, leave }: Setting,
  job: PythonRun,
  trials: readonly Trial[],
  budget: Budget,
): (trial: Trial) => TrialResult['value'] {
  const { api, streams } = interpreter
  const { c } = api
  const codes = compiler(job, trials)
  return trial => {
    streams.stdin = input(trial.stdin)
    placeFiles(interpreter, trial.files ?? {})
    const fail = (): number => {
      const { is, exitCode, ...raised } = describeRaised(api, builtins, job.code)
      if (is('MemoryError')) throw new Ended('out_of_memory', raised)
      if (is('SystemExit') && trial.call === undefined && exitCode === 0) return Number(api.module['__Py_NoneStruct'])
      throw new Ended('raised', friendly(raised, streams.stdin.given, exitCode))
    }
    const name = trial.call === undefined ? '__main__' : 'submission'
    const namespace = freshModule(interpreter, name)
    const run = (code: number): number => {
      const result = code === 0 ? 0 : c('_PyEval_EvalCode', code, namespace, namespace)
      return result === 0 ? fail() : result
    }
    if (job.prelude !== undefined) run(codes.module(job.prelude, 'prelude.py'))
    const { call } = trial
    const before = call === undefined || job.owns === undefined ? 0 : c('_PyDict_Copy', namespace)
    run(codes.module(job.code, programFile))
    if (call !== undefined) {
      const names = before === 0 ? namespace : unshadowed(api, { call, namespace, before, owns: job.owns ?? [] })
      const code = codes.call(call)
      const result = code === 0 ? 0 : c('_PyEval_EvalCode', code, namespace, names)
      const value = readValue(api, result === 0 ? fail() : result, budget)
      c('_Py_DecRef', result)
      return value
    }
    leave(name)
    return undefined
  }
}

/**
 * Where a call finds its names first: those that the program has taken from the prelude or from Python although they are not its own, with what
 * they stood for before. A program may have a `list` or test data of its own; a test means Python's `list`, and its own data. A class is left as
 * it is: a program that brings a copy of the prelude's asks of what it is given whether it is of that one.
 */
function unshadowed(api: Api, { call, namespace, before, owns }: { call: string; namespace: number; before: number; owns: readonly string[] }): number {
  const { c, name } = api
  let names = namespace
  for (const word of new Set(call.match(/[\p{L}_][\p{L}\p{N}_]*/gu))) {
    if (owns.includes(word)) continue
    const meant = c('_PyDict_GetItemString', before, name(word)) || c('_PyDict_GetItemString', c('_PyEval_GetBuiltins'), name(word))
    const taken = c('_PyDict_GetItemString', namespace, name(word))
    if (meant === 0 || taken === 0 || taken === meant || (c('_PyType_GetFlags', api.typeOf(taken)) & typeSubclass) !== 0) continue
    if (names === namespace) names = c('_PyDict_New')
    c('_PyDict_SetItemString', names, name(word), meant)
  }
  return names
}

function friendly(raised: PythonError, stdinGiven: boolean, exitCode: number | string | null | undefined): PythonError {
  if (raised.mro[0] === 'SystemExit') return { ...raised, message: `the program ended itself with exit code ${exitCode}` }
  if (raised.mro[0] === 'EOFError' && !stdinGiven) return { ...raised, message: 'the program asked for input, but none was given' }
  return raised
}

/** A new module under `name` in `sys.modules`, so that classes and pickles of the program find their home; its namespace. */
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

function readBack({ api }: Interpreter, paths: readonly string[]): Record<string, string | null> {
  const { FS: fs } = api.module
  const read = (path: string): string | null =>
    fs.analyzePath(`${home}/${path}`).exists && !fs.isDir(fs.lstat(`${home}/${path}`).mode) ? fs.readFile(`${home}/${path}`, { encoding: 'utf8' }) : null
  return Object.fromEntries(paths.map(path => [path, read(path)]))
}

const text = ({ parts }: Written): string => Buffer.concat(parts).toString('utf8')
