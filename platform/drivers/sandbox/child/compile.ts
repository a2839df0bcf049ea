import type { PythonRun } from '../../../ports/sandbox.ts'
import type { Api } from './module.ts'

// Start symbols and flags of the compiler (CPython, Include/compile.h and cpython/compile.h), the format of .pyc files (marshal.h).
export const fileInput = 257
const evalInput = 258
const ignoreCookie = 0x0800 | 0x0100
const featureVersion = 14
const marshalVersion = 5

const mostRemembered = 16

/** Code objects by their address, in the interpreter as it is and gone when it is restored; 0 when the source does not compile, an exception being set. */
export interface Compiled {
  /** The same code object each time: it cannot be changed, and each evaluation makes functions, classes and defaults of its own. */
  module(source: string, file: string): number
  expression(source: string, file: string): number
}

/**
 * Compiles a module once for all trials that share an interpreter. Trusted code, of which much is the same in each run, is remembered across
 * restores; its prelude would have run before it was compiled, so with one it is not.
 */
export function compiler(api: Api): (job: PythonRun) => Compiled {
  const remembered = new Map<string, Uint8Array>()
  const make = (source: string, file: string, remember: boolean): number => {
    const known = remember ? remembered.get(source) : undefined
    if (known !== undefined) return unpack(api, known)
    const code = compile(api, source, file, fileInput)
    if (remember && code !== 0) remembered.set(source, pack(api, code))
    for (const oldest of remembered.keys()) {
      if (remembered.size <= mostRemembered) break
      remembered.delete(oldest)
    }
    return code
  }
  return ({ trusted = false, prelude }) => {
    const modules = new Map<string, number>()
    return {
      module(source, file) {
        const code = modules.get(file) ?? make(source, file, trusted && prelude === undefined)
        if (code !== 0) modules.set(file, code)
        return code
      },
      expression: (source, file) => compile(api, source, file, evalInput),
    }
  }
}

/** 0 when the source does not compile, an exception being set. */
export function compile(api: Api, source: string, file: string, start: number): number {
  const flags = api.c('_malloc', 8)
  api.module.HEAP32[flags >> 2] = ignoreCookie
  api.module.HEAP32[(flags + 4) >> 2] = featureVersion
  return api.c('_Py_CompileStringExFlags', api.text(source), api.name(file), start, flags, -1)
}

/** A code object as .pyc files hold it. @throws Error when there is no memory left for it */
export function pack({ c, bytesAt }: Api, code: number): Uint8Array {
  const bytes = c('_PyMarshal_WriteObjectToString', code, marshalVersion)
  if (bytes === 0) throw new Error('a code object could not be written down')
  return bytesAt(c('_PyBytes_AsString', bytes), c('_PyBytes_Size', bytes))
}

/** 0 when there is no memory left for it, an exception being set. */
export function unpack({ c, module }: Api, bytes: Uint8Array): number {
  const at = c('_malloc', bytes.length)
  module.HEAPU8.set(bytes, at)
  return c('_PyMarshal_ReadObjectFromString', at, bytes.length)
}
