import { type ChildProcess, fork } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const childFolder = join(realpathSync(import.meta.dirname), 'child')
export const pyodideFolder = realpathSync(dirname(fileURLToPath(import.meta.resolve('pyodide'))))
const main = join(childFolder, `main${extname(import.meta.filename)}`)

export interface StartOptions {
  /** Linear memory of the interpreter in MB; 0 only makes a snapshot. */
  megabytes: number
  /** Our open file descriptor of the snapshot. */
  snapshotFile: number
  /** The start of the command line, which reduces rights. */
  command: readonly string[]
  /** For Node, beside the usual ones. */
  nodeArguments?: readonly string[]
}

/**
 * Starts Node with the interpreter's program, an empty environment, code generation from strings disabled, and Node's
 * permission model: it may read Pyodide and its own sources, and may not write, spawn or load addons.
 */
export function startNode({ megabytes, snapshotFile, command, nodeArguments = [] }: StartOptions): ChildProcess {
  const [execPath = process.execPath, ...wrapped] = command
  const node = [
    '--disallow-code-generation-from-strings',
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${pyodideFolder}`,
    `--allow-fs-read=${childFolder}`,
    '--disable-warning=SecurityWarning',
    '--max-old-space-size=256',
    // In kB, of the 8 MB stack of a process, so that recursion through C (lru_cache, __repr__) goes as deep as in a
    // normal Python.
    '--stack-size=3900',
    ...nodeArguments,
  ]
  return fork(main, [pyodideFolder, String(megabytes)], {
    execPath,
    execArgv: command.length === 0 ? node : [...wrapped, process.execPath, ...node],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', snapshotFile],
  })
}
