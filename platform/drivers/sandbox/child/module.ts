/**
 * The parts of Emscripten's file system that we use or guard
 * (https://emscripten.org/docs/api_reference/Filesystem-API.html).
 */
export interface FileSystem {
  streams: (Stream | null | undefined)[]
  /** All nodes, in lists by the hash of their name. */
  nameTable: (FileNode | undefined)[]
  /** `ops_table` has the operations of nodes and streams that are made from now on. */
  filesystems: Record<string, unknown> & {
    MEMFS: {
      ops_table: {
        dir: { node: NodeOperations & Required<Pick<NodeOperations, 'mknod' | 'rename'>> }
        file: { node: NodeOperations & Required<Pick<NodeOperations, 'setattr'>>; stream: WritingOperations }
      }
    }
  }
  ErrnoError: new (errno: number) => Error
  cwd(): string
  chdir(path: string): void
  mkdir(path: string): void
  mkdirTree(path: string): void
  isDir(mode: number): boolean
  isFile(mode: number): boolean
  isChrdev(mode: number): boolean
  getPath(node: FileNode): string
  lookupPath(path: string): { node: FileNode }
  writeFile(path: string, data: string): void
  analyzePath(path: string): { exists: boolean }
  nextfd(): number
  createStream(stream: object, fd?: number): Stream
}

/** A folder's `contents` are its nodes by name, those of a file its bytes, the first `usedBytes` of them. */
export interface FileNode {
  mode: number
  contents?: Record<string, FileNode> | Uint8Array
  usedBytes?: number
  name_next?: FileNode
  node_ops: NodeOperations
  stream_ops: StreamOperations
}

/** What can be done to a node; an operation that is missing is refused by Emscripten. */
export interface NodeOperations {
  getattr?(node: FileNode): unknown
  setattr?(node: FileNode, change: { size?: number }): void
  lookup?(folder: FileNode, name: string): FileNode
  mknod?(folder: FileNode, name: string, mode: number, device: number): FileNode
  rename?(node: FileNode, folder: FileNode, name: string): void
  symlink?(folder: FileNode, name: string, target: string): FileNode
  readdir?(folder: FileNode): string[]
  readlink?(node: FileNode): string
}

/** What can be done to an open stream of a node. */
export interface StreamOperations {
  llseek?(stream: Stream, offset: number, whence: number): number
  read?(stream: Stream, buffer: Uint8Array, offset: number, length: number, position: number): number
  write?(
    stream: Stream,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | undefined,
    canOwn: boolean,
  ): number
  msync?(stream: Stream, buffer: Uint8Array, offset: number, length: number, flags: number): number
}

export type WritingOperations = StreamOperations & Required<Pick<StreamOperations, 'write'>>

export interface Stream {
  fd: number | null
}

/**
 * CPython's C API as Pyodide's module exports it (https://docs.python.org/3.14/c-api/): pointers are numbers, 0 is
 * NULL.
 */
export interface PythonModule {
  HEAPU8: Uint8Array
  HEAP32: Int32Array
  HEAPU32: Uint32Array
  HEAPF64: Float64Array
  FS: FileSystem
  // The tables of Emscripten's other parts that a program's system calls read or write.
  MEMFS: object
  PIPEFS: { stream_ops: WritingOperations }
  TTY: object
  DNS: object
  ENV: object
  SYSCALLS: object
  stackSave(): number
  stackRestore(pointer: number): void
  Py_EmscriptenSignalBuffer?: unknown
  [name: string]: unknown
}

/** A function that WebAssembly imports. */
export type Import = (...args: unknown[]) => unknown

/** The parts of WebAssembly that we use; only TypeScript's browser library declares it. */
export const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly

interface Wasm {
  Memory: { prototype: { buffer: ArrayBuffer; grow(pages: number): number } }
  RuntimeError: new () => Error
  instantiate(source: unknown, imports?: Record<string, Record<string, unknown>>): Promise<unknown>
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export type Api = ReturnType<typeof pythonApi>

/**
 * Short names for the parts of the C API that the harness uses. Nothing here runs Python code except `call`, `str` and
 * `repr`.
 */
export function pythonApi(module: PythonModule) {
  const c = (name: string, ...args: number[]): number => {
    const run = module[name]
    if (typeof run !== 'function') throw new Error(`the interpreter exports no ${name}`)
    return Number((run as (...args: number[]) => unknown)(...args))
  }
  const text = (value: string): number => {
    const bytes = encoder.encode(value)
    const at = c('_malloc', bytes.length + 1)
    if (at === 0) throw new RangeError('the memory of the program is used up')
    module.HEAPU8.set(bytes, at)
    module.HEAPU8[at + bytes.length] = 0
    return at
  }
  const names = new Map<string, number>()
  let frozen = false
  /** Attribute names are cached; a name created after `freeze` would lie in memory that the next restore overwrites. */
  const name = (value: string): number => {
    const known = names.get(value)
    if (known !== undefined) return known
    const made = text(value)
    if (!frozen) names.set(value, made)
    return made
  }
  const scratch = c('_malloc', 16)
  const read = (pointer: number): number => module.HEAPU32[pointer >> 2] ?? 0
  const bytesAt = (pointer: number, length: number): Uint8Array => module.HEAPU8.slice(pointer, pointer + length)
  /** The text of a str; lone surrogates survive because it is read as UTF-16. */
  const toText = (object: number): string => {
    const pointer = c('_PyUnicode_AsUTF8AndSize', object, scratch)
    if (pointer !== 0) return decoder.decode(bytesAt(pointer, read(scratch)))
    c('_PyErr_Clear')
    const encoded = c('_PyUnicode_AsEncodedString', object, name('utf-16-le'), name('surrogatepass'))
    const raw = Buffer.from(bytesAt(c('_PyBytes_AsString', encoded), c('_PyBytes_Size', encoded)))
    return raw.toString('utf16le')
  }
  const typeOf = (object: number): number => read(object + 4)
  const typeName = (type: number): string => toText(c('_PyType_GetName', type))
  /** The items of a tuple. */
  const itemsOf = (tuple: number): number[] =>
    Array.from({ length: c('_PyTuple_Size', tuple) }, (_, at) => c('_PyTuple_GetItem', tuple, at))
  const attribute = (object: number, attributeName: string): number => {
    const value = c('_PyObject_GetAttrString', object, name(attributeName))
    if (value === 0) c('_PyErr_Clear')
    return value
  }
  return {
    module,
    c,
    text,
    name,
    freeze: () => void (frozen = true),
    read,
    bytesAt,
    scratch,
    toText,
    typeOf,
    typeName,
    itemsOf,
    attribute,
    raised: () => c('_PyErr_GetRaisedException'),
  }
}
