import type { Ending, PythonError, PythonRun, Trial, TrialResult } from '../../../ports/sandbox.ts'
import { Ended, explain } from './endings.ts'
import { describeRaised, programFile } from './errors.ts'
import { home } from './files.ts'
import type { Interpreter } from './interpreter.ts'
import { nothing, type Written } from './streams.ts'
import { readValue } from './values.ts'

// Start symbols and flags of the compiler (CPython, Include/compile.h and cpython/compile.h).
const fileInput = 257
const evalInput = 258
const ignoreCookie = 0x0800 | 0x0100
const featureVersion = 14
const flushMs = 100

export interface Attempt {
  trial: TrialResult
  stderr: string
  peakMegabytes: number
  /** The interpreter was left in the middle of something and can go on only when restored. */
  broken: boolean
}

export interface Limits {
  /** On the clock of `performance.now`. */
  end: number
  /** The same as it was asked for, to speak of it. */
  seconds: number
}

/** One trial in the interpreter as it is. */
export function attempt(interpreter: Interpreter, builtins: Map<number, string>, job: PythonRun, trial: Trial, { end, seconds }: Limits): Attempt {
  const { streams } = interpreter
  Object.assign(streams, { out: nothing(), err: nothing() })
  let ended: Ending = 'ok'
  let error: PythonError | undefined
  let value: TrialResult['value']
  let broken = false
  try {
    value = interpreter.until(end, () => perform(interpreter, builtins, job, trial))
  } catch (thrown) {
    ;({ ended, error } = explain(thrown, seconds))
    broken = !(thrown instanceof Ended)
  }
  // What a program printed before it was stopped may still be in its buffers; an interpreter in the middle of something may not flush them.
  const flushed = flush(interpreter)
  const told: TrialResult = {
    ended,
    stdout: text(streams.out),
    ...(value === undefined ? {} : { value }),
    ...(trial.reads === undefined ? {} : { files: readBack(interpreter, trial.reads) }),
    ...(error === undefined ? {} : { error }),
  }
  return { trial: told, stderr: text(streams.err), peakMegabytes: interpreter.usedMegabytes(), broken: broken || !flushed }
}

function perform(interpreter: Interpreter, builtins: Map<number, string>, job: PythonRun, trial: Trial): TrialResult['value'] {
  const { api, streams } = interpreter
  const { c } = api
  const name = trial.call === undefined ? '__main__' : 'submission'
  streams.stdin = { text: trial.stdin, given: trial.stdin !== undefined }
  placeFiles(interpreter, trial.files ?? {})
  const fail = (source: string): number => {
    const { is, exitCode, ...raised } = describeRaised(api, builtins, source)
    if (is('MemoryError')) throw new Ended('out_of_memory', raised)
    if (is('SystemExit') && trial.call === undefined && exitCode === 0) return Number(api.module['__Py_NoneStruct'])
    throw new Ended('raised', friendly(raised, streams.stdin.given, exitCode))
  }
  const namespace = freshModule(interpreter, name)
  const run = (source: string, file: string, start: number): number => {
    const code = compile(interpreter, source, file, start)
    const result = code === 0 ? 0 : c('_PyEval_EvalCode', code, namespace, namespace)
    return result === 0 ? fail(job.code) : result
  }
  if (job.prelude !== undefined) run(job.prelude, 'prelude.py', fileInput)
  // Editors of Windows begin a file with a byte order mark, which Python takes in a file and not in a string.
  run(job.code.replace(/^\uFEFF/, ''), programFile, fileInput)
  if (trial.call !== undefined) return readValue(api, run(trial.call.trim(), 'test', evalInput))
  leave(interpreter, name)
  return undefined
}

/** Exit functions, and what was written to files that are still open: of a file in a reference cycle the collector loses it. */
const atExit = `
import atexit, gc, _io
atexit._run_exitfuncs()
for file in gc.get_objects():
    if type(file) in (_io.TextIOWrapper, _io.BufferedWriter, _io.BufferedRandom) and not file.closed:
        file.flush()
`

/** What Python does at its end: exit functions run, files are written, the program's objects are let go. */
function leave(interpreter: Interpreter, module: string): void {
  const { c, name } = interpreter.api
  const namespace = c('_PyDict_New')
  c('_PyDict_SetItemString', namespace, name('__builtins__'), c('_PyEval_GetBuiltins'))
  c('_PyEval_EvalCode', compile(interpreter, atExit, 'exit', fileInput), namespace, namespace)
  c('_PyErr_Clear')
  c('_PyDict_DelItemString', c('_PyImport_GetModuleDict'), name(module))
  c('_PyGC_Collect')
  c('_PyErr_Clear')
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
  c('_PyDict_SetItemString', namespace, api.name('__file__'), c('_PyUnicode_FromString', api.name(programFile)))
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

const text = ({ parts }: Written): string => Buffer.concat(parts).toString('utf8')
