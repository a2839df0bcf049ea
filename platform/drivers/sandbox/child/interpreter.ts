import type { loadPyodide } from 'pyodide'
import { guardFiles, home } from './files.ts'
import type { Gate } from './gate.ts'
import { claim, keepMemory } from './memory.ts'
import { type Api, pythonApi, type PythonModule } from './module.ts'
import { lockDown, prepare } from './prepare.ts'
import { Stop, runWithin } from './stop.ts'
import { connectStreams, type Streams } from './streams.ts'

// Pyodide's options for a snapshot of its memory, which its types omit.
const options = { jsglobals: Object.create(null) as object, env: { HOME: home, PYTHONHASHSEED: '0' } }
/** How long a run may stay in C code past its deadline before it is aborted. */
const graceMs = 60

export interface Interpreter {
  api: Api
  streams: Streams
  /** Restores memory, files, streams and working folder, and gives `random` another seed. */
  restore(): void
  /** Removes all files and returns to the initial working folder. */
  clearFiles(): void
  /** Runs `task` until `end` (a time of `performance.now`). @throws Stop, or what `task` throws */
  runUntil<T>(end: number, task: () => T): T
  /** Inside `runUntil`: gives `task` at most this many ms of Python code. @throws Stop, or what `task` throws */
  hurry(ms: number, task: () => void): void
  /** Whether a run may have left a change that restoring does not undo. */
  isUnsound(): boolean
  /** The maximum of linear memory that was in use, in MB, including the interpreter's own. */
  usedMegabytes(): number
}

/**
 * The memory of a Pyodide that has imported what most programs use. Interpreters start from it in a fifth of the time.
 */
export async function makeSnapshot(load: typeof loadPyodide): Promise<Uint8Array> {
  const pyodide = await load({ ...options, _makeSnapshot: true })
  for (const folder of [home, '/tmp']) pyodide.FS.mkdirTree(folder)
  pyodide.runPython(prepare)
  return (pyodide as unknown as { makeMemorySnapshot(): Uint8Array }).makeMemorySnapshot()
}

/**
 * Loads Pyodide, removes every way from Python to the host, and keeps a copy of its memory to restore before each run.
 */
export async function openInterpreter(
  load: typeof loadPyodide,
  gate: Gate,
  snapshot: Uint8Array,
  megabytes: number,
): Promise<Interpreter> {
  const pyodide = await load({ ...options, _loadSnapshot: snapshot })
  const module = (pyodide as unknown as { _module: PythonModule })._module
  // Pyodide keeps its options, and with them 30 MB that are not read again.
  delete (pyodide as unknown as { _api: { config: { _loadSnapshot?: Uint8Array } } })._api.config._loadSnapshot
  const { FS: fs } = module
  for (const folder of [home, '/tmp']) fs.mkdirTree(folder)
  pyodide.runPython(lockDown)
  delete fs.filesystems['NODEFS']
  delete fs.filesystems['NATIVEFS_ASYNC']
  const { streams, reset } = connectStreams(pyodide)
  const files = guardFiles(module)
  const api = pythonApi(module)
  warm(api)
  const { runUntil, hurry } = deadlines(api, gate, streams)
  gate.shut()
  const memory = keepMemory(api)
  claim(api, megabytes)
  memory.restore()
  return {
    api,
    streams,
    restore() {
      memory.restore()
      files.reset()
      reset()
      gate.begun = 0
      reseed(api)
    },
    clearFiles: files.clear,
    runUntil,
    hurry,
    isUnsound: () => gate.begun !== 0,
    usedMegabytes: () => memory.top() / 2 ** 20,
  }
}

/** Creates every attribute name that is needed later, so that none is allocated in memory that a restore overwrites. */
function warm(api: Api): void {
  for (const name of [
    'seed',
    'random',
    'tb_frame',
    'tb_lineno',
    'tb_next',
    'f_code',
    'co_filename',
    'co_name',
    'co_names',
    'co_consts',
    'filename',
    'lineno',
    'offset',
    'msg',
    'code',
    'flush',
    '__name__',
    '__builtins__',
    '__file__',
    'utf-16-le',
    'surrogatepass',
    'stdout',
    'stderr',
    '__stdout__',
    '__stderr__',
    'solution.py',
    '__main__',
    'submission',
    'prelude.py',
    'test',
  ])
    api.name(name)
  api.freeze()
}

/** The copy contains one state of `random`; without this every program would draw the same numbers. */
function reseed({ c, name, attribute }: Api): void {
  const random = c('_PyImport_AddModule', name('random'))
  if (c('_PyObject_CallNoArgs', attribute(random, 'seed')) === 0) throw new Error('random.seed() failed')
}

/**
 * CPython checks for signals at intervals while it runs Python code, and there we stop a run that is past its deadline.
 * Code that stays in C (a huge power, a sum over a range) does not check and is aborted from outside.
 */
function deadlines(api: Api, gate: Gate, streams: Streams): Pick<Interpreter, 'runUntil' | 'hurry'> {
  api.module.HEAP32[Number(api.module['_Py_EMSCRIPTEN_SIGNAL_HANDLING']) >> 2] = 1
  let deadline = Number.POSITIVE_INFINITY
  gate.onSignals = () => {
    if (streams.flooded) {
      streams.flooded = false
      throw new Stop('output_limit')
    }
    if (performance.now() > deadline) {
      deadline = Number.POSITIVE_INFINITY
      throw new Stop('timed_out', { line: currentLine(api) })
    }
  }
  return {
    runUntil(end, task) {
      deadline = end
      try {
        return runWithin(end - performance.now() + graceMs, task, () => currentLine(api))
      } finally {
        deadline = Number.POSITIVE_INFINITY
      }
    },
    hurry(ms, task) {
      const end = deadline
      deadline = performance.now() + ms
      task()
      deadline = end
    },
  }
}

/** The innermost line of the program that is running. */
function currentLine(api: Api): number | undefined {
  for (let frame = api.c('_PyEval_GetFrame'); frame !== 0; frame = api.c('_PyFrame_GetBack', frame)) {
    const code = api.c('_PyFrame_GetCode', frame)
    if (api.toText(api.attribute(code, 'co_filename')) === 'solution.py') return api.c('_PyFrame_GetLineNumber', frame)
  }
  return undefined
}
