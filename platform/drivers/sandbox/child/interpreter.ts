import type { loadPyodide } from 'pyodide'
import { type Api, pythonApi, type PythonModule } from './module.ts'
import { guardFiles, home, keepStreams } from './files.ts'

/** Thrown through the frames of the interpreter to end a run: Python cannot catch it, and the memory is restored afterwards. */
export class Stop extends Error {
  readonly ended: 'timed_out' | 'output_limit'
  readonly line: number | undefined
  constructor(ended: 'timed_out' | 'output_limit', line?: number) {
    super(ended)
    this.ended = ended
    this.line = line
  }
}

/** What is kept of each stream, and what may be written in all. */
const keptBytes = 65_536
const mostBytes = 2 ** 20

export interface Streams {
  out: Uint8Array[]
  err: Uint8Array[]
  bytes: number
  truncated: boolean
  flooded: boolean
  stdin: { text: string | undefined; given: boolean }
}

export interface Interpreter {
  api: Api
  streams: Streams
  /** As new: memory, files, streams, working folder. */
  restore(): void
  setDeadline(at: number): void
  /** Most linear memory that was in use, MB, including the interpreter's own. */
  usedMegabytes(): number
}

/**
 * Loads Pyodide, cuts every way from Python to the host, and keeps a copy of its memory to return to before each run
 * (tried: 3 ms for a whole copy). `megabytes` is claimed beforehand, since memory that has grown cannot shrink.
 */
export async function openInterpreter(load: typeof loadPyodide, megabytes: number): Promise<Interpreter> {
  const pyodide = await load({ jsglobals: Object.create(null) as object, env: { HOME: home, PYTHONHASHSEED: '0' } })
  const module = (pyodide as unknown as { _module: PythonModule })._module
  lockDown(pyodide, module)
  const streams = connectStreams(pyodide)
  const { FS: fs } = module
  for (const folder of [home, '/tmp']) fs.mkdirTree(folder)
  const files = guardFiles(fs)
  files.reset()
  const api = pythonApi(module)
  warm(api)
  const deadline = interruptAt(api, streams)
  const back = keepStreams(fs)
  const memory = keepMemory(api)
  claim(api, megabytes)
  memory.restore()
  return {
    api,
    streams,
    restore() {
      deadline.set(Number.POSITIVE_INFINITY)
      memory.restore()
      back()
      files.reset()
      Object.assign(streams, { out: [], err: [], bytes: 0, truncated: false, flooded: false, stdin: { text: undefined, given: false } })
    },
    setDeadline: deadline.set,
    usedMegabytes: () => memory.top() / 2 ** 20,
  }
}

/** Removes what leads from Python to JavaScript and to the host (shared attack list: `platform/contract/sandbox.ts`). */
function lockDown(pyodide: Awaited<ReturnType<typeof loadPyodide>>, module: PythonModule): void {
  pyodide.runPython(`
import sys, os
from _pyodide import _importhook
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "JsFinder"]
def refused(*args, **kwargs):
    raise OSError("not available in the sandbox")
for name in ("system", "popen", "fork", "execv", "execve", "spawnv", "spawnve", "posix_spawn", "kill"):
    if hasattr(os, name):
        setattr(os, name, refused)
import posix
for name in ("system", "kill", "posix_spawn"):
    if hasattr(posix, name):
        setattr(posix, name, refused)
for name in [name for name in sys.modules if name.split(".")[0] in ("js", "pyodide_js", "_pyodide", "pyodide", "_pyodide_core", "micropip")]:
    del sys.modules[name]
for name in ("js", "pyodide_js", "pyodide_js._api", "_pyodide", "_pyodide_core", "pyodide", "pyodide.ffi", "pyodide.code", "pyodide.http"):
    sys.modules[name] = None
os.chdir("/home")
import random, traceback, linecache, json, collections, dataclasses, typing, re, math, itertools, functools, io, string, copy, datetime
del refused, posix, _importhook, name
`)
  delete module.FS.filesystems['NODEFS']
  delete module.FS.filesystems['NATIVEFS_ASYNC']
  Object.assign(pyodide, { mountNodeFS: undefined, mountNativeFS: undefined, runPython: undefined, runPythonAsync: undefined })
}

function connectStreams(pyodide: Awaited<ReturnType<typeof loadPyodide>>): Streams {
  const streams: Streams = { out: [], err: [], bytes: 0, truncated: false, flooded: false, stdin: { text: undefined, given: false } }
  const writer = (stream: 'out' | 'err') => ({
    write(buffer: Uint8Array) {
      streams.bytes += buffer.length
      // Pyodide turns what is thrown here into an OSError, so the next look at the signals ends the run.
      if (streams.bytes > mostBytes) streams.flooded = true
      const kept = streams[stream].reduce((sum, part) => sum + part.length, 0)
      if (kept + buffer.length > keptBytes) streams.truncated = true
      if (kept < keptBytes) streams[stream].push(buffer.slice(0, keptBytes - kept))
      return buffer.length
    },
  })
  pyodide.setStdout(writer('out'))
  pyodide.setStderr(writer('err'))
  pyodide.setStdin({
    stdin() {
      const { text } = streams.stdin
      streams.stdin.text = undefined
      return text
    },
  })
  return streams
}

/** Makes every attribute name that is asked for later, so that none is allocated in memory that a run takes back. */
function warm(api: Api): void {
  for (const name of [
    'tb_frame',
    'tb_lineno',
    'tb_next',
    'f_code',
    'co_filename',
    'co_name',
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

/** Grows linear memory to its cap by asking for all of it once; restoring the copy gives it back to the allocator. */
function claim({ c, module }: Api, megabytes: number): void {
  const bytes = megabytes * 2 ** 20
  const margin = 2 ** 17
  if (bytes - c('_sbrk', 0) > margin) c('_malloc', bytes - c('_sbrk', 0) - margin)
  if (module.HEAPU8.length < bytes - 2 ** 20) throw new Error(`linear memory grew to ${module.HEAPU8.length} bytes only`)
}

/** The copy to return to. Above the program break nothing was ever written, so only what a run added there has to be cleared. */
function keepMemory({ c, module }: Api): { restore(): void; top(): number } {
  const top = (): number => c('_sbrk', 0)
  const stack = module.stackSave()
  const end = top()
  const copy = module.HEAPU8.slice(0, end)
  return {
    top,
    restore() {
      module.stackRestore(stack)
      const reached = top()
      module.HEAPU8.set(copy)
      if (reached > end) module.HEAPU8.fill(0, end, reached)
    },
  }
}

/**
 * CPython asks for signals every so often while it runs Python code and reads `Py_EmscriptenSignalBuffer` for it: there we stop a run
 * that is past its deadline. Code that stays in C (a huge power, a regular expression) does not come by: the parent kills the process.
 */
function interruptAt(api: Api, streams: Streams): { set(at: number): void } {
  api.module.HEAP32[Number(api.module['_Py_EMSCRIPTEN_SIGNAL_HANDLING']) >> 2] = 1
  let deadline = Number.POSITIVE_INFINITY
  Object.defineProperty(api.module, 'Py_EmscriptenSignalBuffer', {
    configurable: false,
    get() {
      if (streams.flooded) {
        streams.flooded = false
        throw new Stop('output_limit')
      }
      if (performance.now() > deadline) {
        deadline = Number.POSITIVE_INFINITY
        throw new Stop('timed_out', currentLine(api))
      }
      return undefined
    },
  })
  return { set: at => void (deadline = at) }
}

/** The innermost line of the program that is running. */
function currentLine(api: Api): number | undefined {
  for (let frame = api.c('_PyEval_GetFrame'); frame !== 0; frame = api.c('_PyFrame_GetBack', frame)) {
    const code = api.c('_PyFrame_GetCode', frame)
    if (api.toText(api.attribute(code, 'co_filename')) === 'solution.py') return api.c('_PyFrame_GetLineNumber', frame)
  }
  return undefined
}
