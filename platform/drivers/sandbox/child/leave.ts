import { compile, fileInput, pack, unpack } from './compile.ts'
import type { Interpreter } from './interpreter.ts'
import type { Api } from './module.ts'

const flushMs = 100

/**
 * Runs the exit functions and flushes files that are still open, because the collector loses the buffer of a file in a
 * reference cycle.
 */
const atExit = `
import atexit, gc, _io
atexit._run_exitfuncs()
for file in gc.get_objects():
    if type(file) in (_io.TextIOWrapper, _io.BufferedWriter, _io.BufferedRandom) and not file.closed:
        file.flush()
`

/**
 * Does what Python does when a module ends: exit functions run, files are flushed, the program's objects are released.
 * Must be called before any program ran.
 */
export function leaver(api: Api): (module: string) => void {
  const { c, name } = api
  const exit = pack(api, compile(api, atExit, 'exit', fileInput))
  return module => {
    const namespace = c('_PyDict_New')
    c('_PyDict_SetItemString', namespace, name('__builtins__'), c('_PyEval_GetBuiltins'))
    const code = unpack(api, exit)
    // The program may have left no memory for it.
    if (code !== 0) c('_PyEval_EvalCode', code, namespace, namespace)
    c('_PyErr_Clear')
    c('_PyDict_DelItemString', c('_PyImport_GetModuleDict'), name(module))
    c('_PyGC_Collect')
    c('_PyErr_Clear')
  }
}

/**
 * Flushes the interpreter's own buffers, whatever `sys.stdout` is by now. Inside `Deadlines.run`. @throws Stop when that
 * takes too long
 */
export function flush({ api, deadlines }: Interpreter): void {
  deadlines.hurry(flushMs, () => {
    let last = 0
    for (const name of ['stdout', '__stdout__', 'stderr', '__stderr__']) {
      const stream = api.c('_PySys_GetObject', api.name(name))
      const method = stream === 0 || stream === last ? 0 : api.attribute(stream, 'flush')
      if (method !== 0 && api.c('_PyObject_CallNoArgs', method) === 0) api.c('_PyErr_Clear')
      last = stream
    }
  })
}

/**
 * Takes from the interpreter's buffers what a program has left of its input, so that the next one does not read it.
 * Inside `Deadlines.run`. @throws Stop when that takes too long
 */
export function dropInput({ api, streams, deadlines }: Interpreter): void {
  if (!streams.stdin.read) return
  deadlines.hurry(flushMs, () => {
    const stream = api.c('_PySys_GetObject', api.name('__stdin__'))
    const read = stream === 0 ? 0 : api.attribute(stream, 'read')
    const rest = read === 0 ? 0 : api.c('_PyObject_CallNoArgs', read)
    if (rest === 0) api.c('_PyErr_Clear')
    else api.c('_Py_DecRef', rest)
  })
}

/** Whether the next program could read its input, which the one before may have closed. */
export function canRead({ api }: Interpreter): boolean {
  const stream = api.c('_PySys_GetObject', api.name('__stdin__'))
  const closed = stream === 0 ? 0 : api.attribute(stream, 'closed')
  return closed !== 0 && api.c('_PyObject_IsTrue', closed) === 0
}

/**
 * For an interpreter that was stopped in the middle: output of the program may still be in its buffers, and flushing it
 * may fail.
 */
export function tryFlush(interpreter: Interpreter): void {
  try {
    interpreter.deadlines.allow(flushMs)
    interpreter.deadlines.run(() => flush(interpreter))
  } catch {
    // The interpreter is restored in any case.
  }
}
