import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { capMemory, hardenHost } from './harden.ts'
import { openInterpreter } from './interpreter.ts'
import type { ChildMessage, RunMessage } from './protocol.ts'
import { runner } from './run.ts'

// An interpreter process: `main.ts PYODIDE_FOLDER MEGABYTES`, spoken to over IPC by `pyodide.ts`.
const [pyodideFolder = '', megabytes = '50'] = process.argv.slice(2)
const send = process.send?.bind(process)
if (send === undefined) throw new Error('an interpreter process is started by the sandbox, not by hand')
const say = (message: ChildMessage): void => void send(message)

process.on('disconnect', () => process.exit(0))
new Worker(join(import.meta.dirname, `watchdog${import.meta.filename.slice(-3)}`), { workerData: process.ppid }).unref()
hardenHost()
capMemory(Number(megabytes))
const { loadPyodide } = (await import(pathToFileURL(join(pyodideFolder, 'pyodide.mjs')).href)) as typeof import('pyodide')
const run = runner(await openInterpreter(loadPyodide, Number(megabytes)))
process.on('message', ({ id, job }: RunMessage) => {
  try {
    say({ id, ...run(job) })
  } catch (error) {
    say({ id, crashed: error instanceof Error ? (error.stack ?? error.message) : inspect(error) })
  }
})
// `process.permission` exists only under --permission.
say({ ready: true, layers: process.permission === undefined ? 'wasm' : 'wasm+permission' })
