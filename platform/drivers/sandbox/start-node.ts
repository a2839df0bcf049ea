import { type ChildProcess, fork } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const childFolder = join(realpathSync(import.meta.dirname), 'child')
export const pyodideFolder = realpathSync(dirname(fileURLToPath(import.meta.resolve('pyodide'))))
const main = join(childFolder, `main${extname(import.meta.filename)}`)

export interface StartOptions {
  /** Linear memory of the interpreter; 0 only makes a snapshot. */
  megabytes: number
  /** A file descriptor of ours on the snapshot. */
  snapshotFile: number
  /** What the command line begins with, to take rights away. */
  command: readonly string[]
}

/**
 * Starts Node on the interpreter's program with an empty environment, without the right to make code from strings, and under Node's
 * permission model: it may read Pyodide and its own sources, and has no right to write, to spawn or to load addons.
 */
export function startNode({ megabytes, snapshotFile, command }: StartOptions): ChildProcess {
  const [execPath = process.execPath, ...wrapped] = command
  const node = [
    '--disallow-code-generation-from-strings',
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${pyodideFolder}`,
    `--allow-fs-read=${childFolder}`,
    '--disable-warning=SecurityWarning',
    '--max-old-space-size=256',
    // In kB, of the 8 MB that a process has: recursion through C (lru_cache, __repr__) goes as deep as elsewhere.
    '--stack-size=3900',
  ]
  return fork(main, [pyodideFolder, String(megabytes)], {
    execPath,
    execArgv: command.length === 0 ? node : [...wrapped, process.execPath, ...node],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', snapshotFile],
  })
}
