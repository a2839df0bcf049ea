import { posix } from 'node:path'
import type { FileNode, FileSystem, Stream } from './module.ts'

/** The working folder of a program. */
export const home = '/home/student'
const writable = [home, '/tmp']
const devices = new Set(['/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/tty'])
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

export interface GuardedFiles {
  /** Empties the folders and resets the count of written bytes. */
  reset(): void
  /** Empties the folders; bytes written before still count, because a program may hold on to them. */
  clear(): void
}

/**
 * Makes everything but the working folder and `/tmp` read-only and bounds the size of those two, because they are
 * stored outside linear memory.
 */
export function guardFiles(fs: FileSystem): GuardedFiles {
  let nodes = 0
  let written = 0
  const refuse = (errno: number): never => {
    throw new fs.ErrnoError(errno)
  }
  const absolute = (path: unknown): string => posix.resolve(fs.cwd(), String(path))
  const mayWrite = (path: unknown): void => {
    const full = absolute(path)
    if (full.length > maxPathLength) refuse(nameTooLong)
    if (!writable.some(folder => full.startsWith(`${folder}/`))) refuse(readOnly)
  }
  const guard = (name: string, check: (...args: unknown[]) => void): void => {
    const original = fs[name] as (...args: unknown[]) => unknown
    fs[name] = (...args: unknown[]) => {
      check(...args)
      return original.apply(fs, args)
    }
  }
  const makes = (path: unknown): void => {
    mayWrite(path)
    nodes += 1
    if (nodes > maxNodes) refuse(noSpace)
  }
  /**
   * `end` is the file's size after the write: a write far behind the end makes the host allocate everything in between.
   */
  const grows = (length: unknown, end: unknown = length): void => {
    if (!(written + Number(length) <= maxBytes && Number(end) <= maxBytes)) refuse(noSpace)
    written += Number(length)
  }
  const wants = (flags: unknown): boolean =>
    typeof flags === 'string' ? /[wa+]/.test(flags) : (Number(flags) & 0o1103) !== 0
  guard('open', (path, flags) => wants(flags) && !devices.has(absolute(path)) && makes(path))
  for (const name of ['mkdir', 'mknod', 'create']) guard(name, makes)
  for (const name of ['unlink', 'rmdir', 'chmod', 'lchmod', 'chown', 'lchown', 'utime']) guard(name, mayWrite)
  guard('rename', (from, to) => (mayWrite(from), makes(to)))
  // Opening an existing file for writing truncates it through its node.
  guard('truncate', (path, length) => typeof path === 'string' && (mayWrite(path), grows(length)))
  guard('ftruncate', (_, length) => grows(length))
  guard('write', (stream, _buffer, _offset, length, position) =>
    grows(length, (Number(position ?? (stream as Stream).position) || 0) + Number(length)),
  )
  guard('createStream', () => fs.streams.length >= maxStreams && refuse(tooManyFiles))
  for (const name of ['symlink', 'link', 'mount', 'unmount', 'mkdev', 'createDevice'])
    guard(name, () => refuse(notPermitted))
  const clear = (): void => {
    for (const folder of writable) empty(fs, fs.lookupPath(folder).node)
    fs.chdir(home)
  }
  return {
    clear,
    reset() {
      clear()
      nodes = 0
      written = 0
    },
  }
}

/** Works on the nodes directly: by path, a deep folder would cost the square of its depth. */
function empty(fs: FileSystem, folder: FileNode): void {
  for (const node of Object.values(folder.contents)) {
    if (fs.isDir(node.mode)) empty(fs, node)
    fs.destroyNode(node)
  }
  folder.contents = {}
}

/**
 * Remembers the open streams and returns a function that restores them, because a program may close or replace its
 * standard streams.
 */
export function keepStreams(fs: FileSystem): () => void {
  const kept = fs.streams.map(stream =>
    stream === null || stream === undefined ? stream : { stream, fields: { ...stream } },
  )
  return () => {
    fs.streams.length = 0
    for (const [at, entry] of kept.entries())
      fs.streams[at] =
        entry === null || entry === undefined ? (entry as null) : Object.assign(entry.stream, entry.fields)
  }
}
