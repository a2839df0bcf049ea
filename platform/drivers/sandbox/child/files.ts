import { keepAll, keepOwn } from './keep.ts'
import type {
  FileNode,
  FileSystem,
  NodeOperations,
  PythonModule,
  StreamOperations,
  WritingOperations,
} from './module.ts'

/** The working folder of a program. */
export const home = '/home/student'
const writable = [home, '/tmp']
// Error numbers of WASI, which Emscripten uses.
const readOnly = 69
const notPermitted = 63
const noSpace = 51
const nameTooLong = 37
// Resolving a path costs the square of its depth.
const maxPathLength = 512
const tooManyFiles = 33
const maxStreams = 256
const maxBytes = 16 * 2 ** 20
const maxNodes = 2_000
const writeBits = 0o222
/** The time of every file that is there before a program runs, in each process the same. */
const made = Date.UTC(2026, 0, 1)

export interface GuardedFiles {
  /**
   * Gives everything that a program can change outside linear memory the state that it had at first: nodes, streams,
   * working folder, numbers that are counted up. @throws TypeError when that is impossible
   */
  reset(): void
  /** Empties the folders; bytes written before still count, because a program may hold on to them. */
  clear(): void
  /** Whether a program has made files, has some open or works elsewhere since the last reset. */
  touched(): boolean
}

/**
 * Makes everything but the working folder and `/tmp` unchangeable, and bounds the size of those two, because they are
 * stored outside linear memory. Both is done in the operations of the nodes, which every system call ends in, whatever
 * descriptor, path or memory map it came by.
 */
export function guardFiles(module: PythonModule): GuardedFiles {
  const { FS: fs } = module
  const bounds = boundSizes(module)
  const folders = writable.map(path => fs.lookupPath(path).node)
  for (const node of nodesOf(fs)) {
    Object.assign(node, { atime: made, mtime: made, ctime: made })
    if (!folders.includes(node)) seal(fs, node)
  }
  for (const folder of folders) {
    folder.node_ops = fs.filesystems.MEMFS.ops_table.dir.node
    // A file may be named `__proto__`.
    folder.contents = Object.create(null) as Record<string, FileNode>
  }
  const emptied = [fs.nameTable, ...folders, ...folders.map(({ contents = {} }) => contents)].map(keepOwn)
  fs.chdir(home)
  const opened = fs.streams.map(stream => stream ?? undefined)
  const { PIPEFS, MEMFS, TTY, DNS, ENV, SYSCALLS } = module
  const restore = keepAll([fs, PIPEFS, MEMFS, TTY, DNS, ENV, SYSCALLS])
  return {
    clear() {
      for (const empty of emptied) empty()
      fs.chdir(home)
    },
    reset() {
      restore()
      bounds.reset()
    },
    touched: () =>
      bounds.used() || fs.cwd() !== home || fs.streams.some((stream, fd) => (stream ?? undefined) !== opened[fd]),
  }
}

/** Every node that exists. */
function nodesOf(fs: FileSystem): FileNode[] {
  const nodes: FileNode[] = []
  for (const first of fs.nameTable)
    for (let node: FileNode | undefined = first; node !== undefined; node = node.name_next) nodes.push(node)
  return nodes
}

/**
 * Takes every operation that changes something from a node, and a file's bytes out of reach of the others. A device
 * keeps its streams' operations, and the time of its last use.
 */
function seal(fs: FileSystem, node: FileNode): void {
  const refuse = (): never => {
    throw new fs.ErrnoError(readOnly)
  }
  const { getattr, lookup, readdir, readlink } = node.node_ops
  const reading = { getattr, lookup, readdir, readlink, setattr: refuse }
  node.node_ops = Object.freeze(
    Object.fromEntries(Object.entries(reading).filter(([, operation]) => operation !== undefined)),
  ) as NodeOperations
  if (fs.isChrdev(node.mode)) return
  node.mode &= ~writeBits
  const { llseek } = node.stream_ops
  const read = fs.isFile(node.mode) ? { read: readerOf(node) } : {}
  node.stream_ops = Object.freeze({ ...(llseek === undefined ? {} : { llseek }), ...read })
  if (fs.isDir(node.mode) && node.contents !== undefined) Object.freeze(node.contents)
  Object.freeze(node)
}

/** The text of a file in the working folder, whatever its mode; null when there is none. */
export function textOf({ FS: fs }: PythonModule, path: string): string | null {
  let node: FileNode | undefined = fs.lookupPath(home).node
  for (const name of path.split('/')) {
    if (node === undefined || !fs.isDir(node.mode)) return null
    node = Object.hasOwn(node.contents ?? {}, name) ? (node.contents as Record<string, FileNode>)[name] : undefined
  }
  if (node === undefined || !fs.isFile(node.mode)) return null
  return new TextDecoder().decode((node.contents as Uint8Array).subarray(0, node.usedBytes))
}

/** The only function that still knows the bytes of a file, which copies them. */
function readerOf(node: FileNode): NonNullable<StreamOperations['read']> {
  const bytes = (node.contents as Uint8Array).slice(0, node.usedBytes)
  node.contents = new Uint8Array(0)
  return (_stream, buffer, offset, length, position) => {
    const part = bytes.subarray(position, position + length)
    buffer.set(part, offset)
    return part.length
  }
}

/** Bounds what a program can make: nodes and bytes by their operations, descriptors by their number. */
function boundSizes({ FS: fs, PIPEFS: pipes }: PythonModule): { reset(): void; used(): boolean } {
  let nodes = 0
  let written = 0
  const refuse = (errno: number): never => {
    throw new fs.ErrnoError(errno)
  }
  /**
   * `end` is the file's size after the write: a write far behind the end makes the host allocate everything in between.
   */
  const grows = (length: number, end = length): void => {
    if (!(written + length <= maxBytes && end <= maxBytes)) refuse(noSpace)
    written += length
  }
  const places = (folder: FileNode, name: string): void => {
    if (fs.getPath(folder).length + 1 + name.length > maxPathLength) refuse(nameTooLong)
    nodes += 1
    if (nodes > maxNodes) refuse(noSpace)
  }
  const { dir, file } = fs.filesystems.MEMFS.ops_table
  const { mknod, rename } = dir.node
  const { setattr } = file.node
  dir.node = { ...dir.node }
  dir.node.mknod = (folder, name, mode, device) => (places(folder, name), mknod(folder, name, mode, device))
  dir.node.rename = (node, folder, name) => (places(folder, name), rename(node, folder, name))
  dir.node.symlink = () => refuse(notPermitted)
  file.node = {
    ...file.node,
    setattr: (node, change) => (change.size !== undefined && grows(change.size), setattr(node, change)),
  }
  const bounded = (operations: WritingOperations): WritingOperations => {
    const { write } = operations
    return {
      ...operations,
      write: (stream, buffer, offset, length, position = 0) => {
        grows(length, position + length)
        return write(stream, buffer, offset, length, position, false)
      },
    }
  }
  file.stream = bounded(file.stream)
  file.stream.msync = (stream, buffer, offset, length) => (
    file.stream.write(stream, buffer, 0, length, offset, false),
    0
  )
  Object.assign(pipes.stream_ops, bounded(pipes.stream_ops))
  boundStreams(fs, refuse)
  return { reset: () => void (nodes = written = 0), used: () => nodes > 0 }
}

/** All descriptors are made by one function, also those that a program numbers itself. */
function boundStreams(fs: FileSystem, refuse: (errno: number) => never): void {
  const create = fs.createStream.bind(fs)
  fs.createStream = (stream, fd = -1) => {
    if ((fd === -1 ? fs.nextfd() : fd) >= maxStreams) refuse(tooManyFiles)
    return create(stream, fd)
  }
}
