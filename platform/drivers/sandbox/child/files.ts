import { posix } from 'node:path'
import type { FileNode, FileSystem, Stream } from './module.ts'

/** Where a program works. */
export const home = '/home/student'
const writable = [home, '/tmp']
const devices = new Set(['/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/tty'])
// Errors of the WASI numbering that Emscripten uses.
const readOnly = 69
const notPermitted = 63
const noSpace = 51
const nameTooLong = 37
// The cost of a path grows with the square of its depth.
const maxPathLength = 512
const tooManyFiles = 33
const maxStreams = 256
const maxBytes = 16 * 2 ** 20
const maxNodes = 2_000

export interface GuardedFiles {
  /** Empties the folders and forgets what was written. */
  reset(): void
  /** Empties the folders; what was written before still counts, for a program may hold on to it. */
  clear(): void
}

/** Makes everything but the working folder and `/tmp` read-only and bounds what those may hold: they live outside linear memory. */
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
  /** `end` is how far the file reaches afterwards: a write far behind its end makes the host hold all that is between. */
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
  // Opening a file to write it anew truncates it by its node.
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

/** By the nodes themselves: by their paths a deep folder would cost the square of its depth. */
function empty(fs: FileSystem, folder: FileNode): void {
  for (const node of Object.values(folder.contents)) {
    if (fs.isDir(node.mode)) empty(fs, node)
    fs.destroyNode(node)
  }
  folder.contents = {}
}

/** The open streams as they are now, and a way back to them: a program may close or replace its standard streams. */
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
