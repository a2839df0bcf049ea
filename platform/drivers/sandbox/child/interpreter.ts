import type { loadPyodide } from 'pyodide'
import { guardFiles, home } from './files.ts'
import type { Alarm } from './alarm.ts'
import { type Deadlines, deadlines } from './deadlines.ts'
import type { Gate } from './gate.ts'
import { claim, keepMemory } from './memory.ts'
import { type Api, pythonApi, type PythonModule } from './module.ts'
import { lockDown, prepare } from './prepare.ts'
import { noCommands } from './shell.ts'
import { knowNumberTypes } from './values.ts'
import { connectStreams, copyOf, type Streams } from './streams.ts'

// Pyodide's options for a snapshot of its memory, which its types omit.
const options = { jsglobals: Object.create(null) as object, env: { HOME: home, PYTHONHASHSEED: '0' } }

export interface Interpreter {
  api: Api
  streams: Streams
  deadlines: Deadlines
  /** Restores memory, files, streams and working folder, and gives `random` another seed. */
  restore(): void
  /** Removes all files and returns to the initial working folder. */
  clearFiles(): void
  /**
   * Remembers memory, output and clock as they are now; the returned function brings them back, with the files of a
   * fresh interpreter. Undefined when the program has made files, opened some or read input, which are not remembered.
   */
  keep(): (() => void) | undefined
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
  pyodide.runPython(noCommands)
  return (pyodide as unknown as { makeMemorySnapshot(): Uint8Array }).makeMemorySnapshot()
}

/**
 * Loads Pyodide, removes every way from Python to the host, and keeps a copy of its memory to restore before each run.
 */
export async function openInterpreter(
  load: typeof loadPyodide,
  gate: Gate,
  { snapshot, megabytes, alarm }: { snapshot: Uint8Array; megabytes: number; alarm: Alarm },
): Promise<Interpreter> {
  const pyodide = await load({ ...options, _loadSnapshot: snapshot })
  const module = (pyodide as unknown as { _module: PythonModule })._module
  // Pyodide keeps its options, and with them 30 MB that are not read again.
  delete (pyodide as unknown as { _api: { config: { _loadSnapshot?: Uint8Array } } })._api.config._loadSnapshot
  gate.memory = () => module.HEAPU8.buffer as ArrayBuffer
  const { FS: fs } = module
  for (const folder of [home, '/tmp']) fs.mkdirTree(folder)
  pyodide.runPython(lockDown)
  delete fs.filesystems['NODEFS']
  delete fs.filesystems['NATIVEFS_ASYNC']
  const { streams, reset } = connectStreams(pyodide)
  const files = guardFiles(module)
  const api = pythonApi(module)
  knowNumberTypes(api)
  warm(api)
  const ends = deadlines(api, gate, streams, alarm)
  gate.shut()
  const memory = keepMemory(api)
  claim(api, megabytes)
  memory.restore()
  return {
    api,
    streams,
    deadlines: ends,
    restore() {
      memory.restore()
      files.reset()
      reset()
      gate.begun = 0
      gate.clock.set(0)
      reseed(api)
    },
    clearFiles: files.clear,
    keep() {
      if (files.touched() || streams.stdin.read || gate.begun !== 0) return undefined
      const [then, output, slept] = [keepMemory(api), copyOf(streams), gate.clock.slept()]
      return () => {
        then.restore()
        files.reset()
        Object.assign(streams, copyOf(output))
        gate.clock.set(slept)
      }
    },
    isUnsound: () => gate.begun !== 0 || ends.isUnsound(),
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
    '__stdin__',
    'read',
    'closed',
    'solution.py',
    '__main__',
    'submission',
    'prelude.py',
    'test',
    'absent',
    'known',
    '_numerator',
    '_denominator',
  ])
    api.name(name)
  api.freeze()
}

/** The copy contains one state of `random`; without this every program would draw the same numbers. */
function reseed({ c, name, attribute }: Api): void {
  const random = c('_PyImport_AddModule', name('random'))
  if (c('_PyObject_CallNoArgs', attribute(random, 'seed')) === 0) throw new Error('random.seed() failed')
}
