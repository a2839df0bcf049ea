import type { PythonRun, Call } from '../../../ports/sandbox.ts'
import { programFile } from './errors.ts'
import type { Api } from './module.ts'

// Start symbols and flags of the compiler (CPython, Include/compile.h and cpython/compile.h), the format of .pyc files
// (marshal.h).
export const fileInput = 257
const evalInput = 258
const callFile = 'test'
const statementsFile = 'test steps'
const ignoreCookie = 0x0800 | 0x0100
const featureVersion = 14
const marshalVersion = 5

/** Several times the number of calls in the largest exercise, because they are all needed at once. */
const maxRemembered = 4_096
/** Longer calls contain their own data and are not repeated. */
const maxCallLength = 500

/**
 * Code objects by their address, valid in this interpreter until it is restored; 0 when the source does not compile,
 * with an exception set.
 */
export interface Compiled {
  /**
   * Always the same code object: it is immutable, and each evaluation makes its own functions, classes and defaults.
   */
  module(source: string, file: string): number
  call(expression: string): number
  statements(text: string): number
  /** Whether the call is not an expression, as determined before any program ran; long calls are not checked. */
  isInvalidCall(expression: string): boolean
}

/**
 * Compiles what a run needs; must be called in a fresh interpreter. The module is compiled once for all trials that
 * share the interpreter. Calls and trusted code, which repeat in many runs, are kept across restores in the form
 * compiled before any program ran.
 */
export function compiler(api: Api): (job: PythonRun, calls: readonly Call[]) => Compiled {
  const remembered = new Map<string, Uint8Array>()
  const keyOf = (source: string, file: string): string => `${file} ${source}`
  /** Whether it compiles. */
  const remember = (source: string, file: string, start: number): boolean => {
    const key = keyOf(source, file)
    if (remembered.has(key)) return true
    const code = compile(api, source, file, start)
    if (code === 0) api.c('_PyErr_Clear')
    else remembered.set(key, pack(api, code))
    for (const oldest of remembered.keys()) {
      if (remembered.size <= maxRemembered) break
      remembered.delete(oldest)
    }
    return code !== 0
  }
  const recall = (source: string, file: string, start: number): number => {
    const known = remembered.get(keyOf(source, file))
    return known === undefined ? compile(api, source, file, start) : unpack(api, known)
  }
  return ({ code, trusted = false }, calls) => {
    if (trusted) remember(code, programFile, fileInput)
    const invalidCalls = new Set<string>()
    for (const { steps = [], before = [], after = [] } of calls) {
      const all = [...before, ...steps.flatMap(step => step.do ?? []), ...after]
      for (const text of all) remember(text, statementsFile, fileInput)
      for (const text of steps.flatMap(({ call = [], by = [] }) => [call, by].flat()))
        remember(text.trim(), callFile, evalInput)
    }
    for (const { call } of calls)
      if (call !== undefined && call.length <= maxCallLength && !remember(call.trim(), callFile, evalInput))
        invalidCalls.add(call)
    const modules = new Map<string, number>()
    return {
      module(source, file) {
        const module = modules.get(file) ?? recall(source, file, fileInput)
        if (module !== 0) modules.set(file, module)
        return module
      },
      call: expression => recall(expression.trim(), callFile, evalInput),
      statements: text => recall(text, statementsFile, fileInput),
      isInvalidCall: expression => invalidCalls.has(expression),
    }
  }
}

/** 0 when the source does not compile, with an exception set. */
export function compile(api: Api, source: string, file: string, start: number): number {
  const flags = api.c('_malloc', 8)
  api.module.HEAP32[flags >> 2] = ignoreCookie
  api.module.HEAP32[(flags + 4) >> 2] = featureVersion
  // Windows editors may start a file with a byte order mark, which Python accepts in a file but not in a string.
  return api.c('_Py_CompileStringExFlags', api.text(source.replace(/^\uFEFF/, '')), api.name(file), start, flags, -1)
}

/** A code object in the format of .pyc files. @throws Error when no memory is left for it */
export function pack({ c, bytesAt }: Api, code: number): Uint8Array {
  const bytes = c('_PyMarshal_WriteObjectToString', code, marshalVersion)
  if (bytes === 0) throw new Error('a code object could not be written down')
  return bytesAt(c('_PyBytes_AsString', bytes), c('_PyBytes_Size', bytes))
}

/** 0 when no memory is left for it, with an exception set. @throws RangeError when there is none even for the bytes */
export function unpack({ c, module }: Api, bytes: Uint8Array): number {
  const at = c('_malloc', bytes.length)
  if (at === 0) throw new RangeError('the memory of the program is used up')
  module.HEAPU8.set(bytes, at)
  return c('_PyMarshal_ReadObjectFromString', at, bytes.length)
}
