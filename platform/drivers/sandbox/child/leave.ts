import { compile, fileInput, pack, unpack } from './compile.ts'
import type { Interpreter } from './interpreter.ts'
import type { Api } from './module.ts'

const flushMs = 100

/** Exit functions, and what was written to files that are still open: of a file in a reference cycle the collector loses it. */
const atExit = `
import atexit, gc, _io
atexit._run_exitfuncs()
for file in gc.get_objects():
    if type(file) in (_io.TextIOWrapper, _io.BufferedWriter, _io.BufferedRandom) and not file.closed:
        file.flush()
`

/** Makes what Python does at the end of a module: exit functions run, files are written, the program's objects are let go. To be called before any program ran. */
export function leaver(api: Api): (module: string) => void {
  const { c, name } = api
  const exit = pack(api, compile(api, atExit, 'exit', fileInput))
  return module => {
    const namespace = c('_PyDict_New')
    c('_PyDict_SetItemString', namespace, name('__builtins__'), c('_PyEval_GetBuiltins'))
    const code = unpack(api, exit)
    // A program may have left no memory for it.
    if (code !== 0) c('_PyEval_EvalCode', code, namespace, namespace)
    c('_PyErr_Clear')
    c('_PyDict_DelItemString', c('_PyImport_GetModuleDict'), name(module))
    c('_PyGC_Collect')
    c('_PyErr_Clear')
  }
}

/** Empties the interpreter's own buffers, whatever `sys.stdout` is by now. Within `until`. @throws Stop when that takes too long */
export function flush({ api, hurry }: Interpreter): void {
  hurry(flushMs, () => {
    let last = 0
    for (const name of ['stdout', '__stdout__', 'stderr', '__stderr__']) {
      const stream = api.c('_PySys_GetObject', api.name(name))
      const method = stream === 0 || stream === last ? 0 : api.attribute(stream, 'flush')
      if (method !== 0 && api.c('_PyObject_CallNoArgs', method) === 0) api.c('_PyErr_Clear')
      last = stream
    }
  })
}

/** For an interpreter in the middle of something: what a program printed before it was stopped may still be in its buffers, and may not come out. */
export function tryFlush(interpreter: Interpreter): void {
  try {
    interpreter.runUntil(performance.now() + flushMs, () => flush(interpreter))
  } catch {
    // It is restored in any case.
  }
}
