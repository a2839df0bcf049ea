import type { Ending, PythonError, PythonResult, PythonRun, Trial, TrialResult } from '../../../ports/sandbox.ts'
import { builtinExceptions, describeRaised, programFile } from './errors.ts'
import { home } from './files.ts'
import { Ended, explain } from './endings.ts'
import type { Interpreter } from './interpreter.ts'
import { readValue } from './values.ts'

// Start symbols and flags of the compiler (CPython, Include/compile.h and cpython/compile.h).
const fileInput = 257
const evalInput = 258
const ignoreCookie = 0x0800 | 0x0100
const featureVersion = 14
const flushMs = 100

export interface RunOutcome {
  result: PythonResult
  /** The interpreter may hold something of the run that restoring does not reach. */
  retire: boolean
}

/** Runs jobs one after another, each on an interpreter as new. */
export function runner(interpreter: Interpreter): (job: PythonRun) => RunOutcome {
  const builtins = builtinExceptions(interpreter.api)
  return job => {
    const seconds = job.seconds ?? 5
    const start = performance.now()
    const trials: TrialResult[] = []
    let retire = false
    let peak = 0
    let stdout = ''
    let stderr = ''
    let truncated = false
    const end = start + seconds * 1_000
    const plan: readonly Trial[] = job.trials ?? [
      { ...(job.stdin === undefined ? {} : { stdin: job.stdin }), ...(job.files === undefined ? {} : { files: job.files }) },
    ]
    for (const [at, trial] of plan.entries()) {
      // A whole program gets an interpreter as new, and so does a call that brings files; other calls get a fresh namespace in the same one.
      if (at === 0 || trial.call === undefined || trial.files !== undefined) interpreter.restore()
      const done = attempt(interpreter, builtins, job, trial, end, seconds)
      trials.push(done.trial)
      retire ||= done.retire
      peak = Math.max(peak, done.peak)
      truncated ||= interpreter.streams.truncated
      if (job.trials === undefined) ({ stdout, stderr } = done)
      if (done.fatal) break
    }
    const last = trials.at(-1)
    const ended = job.trials === undefined || (last !== undefined && last.ended !== 'raised') ? (last?.ended ?? 'ok') : 'ok'
    return {
      retire,
      result: {
        ended,
        stdout,
        stderr,
        truncated,
        duration_ms: Math.round((performance.now() - start) * 100) / 100,
        peak_megabytes: Math.round(peak * 10) / 10,
        trials: job.trials === undefined ? [] : trials,
        ...(last?.error !== undefined && ended !== 'ok' ? { error: last.error } : {}),
      },
    }
  }
}

interface Attempt {
  trial: TrialResult
  stdout: string
  stderr: string
  peak: number
  /** Nothing can run after it in this job. */
  fatal: boolean
  retire: boolean
}

function attempt(interpreter: Interpreter, builtins: Map<number, string>, job: PythonRun, trial: Trial, end: number, seconds: number): Attempt {
  const { streams } = interpreter
  Object.assign(streams, { out: [], err: [] })
  let ended: Ending = 'ok'
  let error: PythonError | undefined
  let value: TrialResult['value']
  let retire = false
  try {
    value = interpreter.until(end, () => perform(interpreter, builtins, job, trial))
  } catch (thrown) {
    ;({ ended, error, retire } = explain(thrown, seconds))
  }
  const fatal = ended !== 'ok' && ended !== 'raised'
  // What a program printed before it was stopped may still be in its buffers; an interpreter that was torn out of its work may not flush them.
  const flushed = flush(interpreter)
  if (!fatal && !flushed) retire = true
  const [stdout, stderr] = [text(streams.out), text(streams.err)]
  const peak = interpreter.usedMegabytes()
  const files = trial.reads === undefined ? undefined : readBack(interpreter, trial.reads)
  const told: TrialResult = {
    ended,
    stdout,
    ...(value === undefined ? {} : { value }),
    ...(files === undefined ? {} : { files }),
    ...(error === undefined ? {} : { error }),
  }
  return { trial: told, stdout, stderr, peak, fatal: fatal || retire, retire }
}

function perform(interpreter: Interpreter, builtins: Map<number, string>, job: PythonRun, trial: Trial): TrialResult['value'] {
  const { api, streams } = interpreter
  const { c } = api
  const name = trial.call === undefined ? '__main__' : 'submission'
  streams.stdin = { text: trial.stdin, given: trial.stdin !== undefined }
  placeFiles(interpreter, trial.files ?? {})
  const fail = (source: string): never => {
    const { is, exitCode, ...raised } = describeRaised(api, builtins, source)
    if (is('MemoryError')) throw new Ended('out_of_memory', raised)
    if (is('SystemExit') && trial.call === undefined && exitCode === 0) throw new Ended('ok')
    throw new Ended('raised', friendly(raised, streams.stdin.given, exitCode))
  }
  const namespace = freshModule(interpreter, name)
  const run = (source: string, file: string, start: number): number => {
    const code = compile(interpreter, source, file, start)
    const result = code === 0 ? 0 : c('_PyEval_EvalCode', code, namespace, namespace)
    return result === 0 ? fail(job.code) : result
  }
  if (job.prelude !== undefined) run(job.prelude, 'prelude.py', fileInput)
  run(job.code, programFile, fileInput)
  return trial.call === undefined ? undefined : readValue(api, run(trial.call.trim(), 'test', evalInput))
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
  if (c('_PyDict_DelItemString', modules, api.name(name)) !== 0) c('_PyErr_Clear')
  const namespace = c('_PyModule_GetDict', c('_PyImport_AddModule', api.name(name)))
  c('_PyDict_SetItemString', namespace, api.name('__builtins__'), c('_PyEval_GetBuiltins'))
  return namespace
}

function compile({ api }: Interpreter, source: string, file: string, start: number): number {
  const flags = api.c('_malloc', 8)
  api.module.HEAP32[flags >> 2] = ignoreCookie
  api.module.HEAP32[(flags + 4) >> 2] = featureVersion
  return api.c('_Py_CompileStringExFlags', api.text(source), api.name(file), start, flags, -1)
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

/** Empties the interpreter's own buffers, whatever `sys.stdout` is by now. False when that did not end well. */
function flush({ api, until }: Interpreter): boolean {
  try {
    until(performance.now() + flushMs, () => {
      for (const name of ['stdout', 'stderr', '__stdout__', '__stderr__']) {
        const stream = api.c('_PySys_GetObject', api.name(name))
        const method = stream === 0 ? 0 : api.attribute(stream, 'flush')
        if (method !== 0 && api.c('_PyObject_CallNoArgs', method) === 0) api.c('_PyErr_Clear')
      }
    })
    return true
  } catch {
    return false
  }
}

const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('utf8')
