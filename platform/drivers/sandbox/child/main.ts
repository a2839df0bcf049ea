import { once } from 'node:events'
import { fstatSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import type * as Pyodide from 'pyodide'
import { alarmBytes, alarmOf } from './alarm.ts'
import { gateImports } from './gate.ts'
import { answerBinding, capMemory, hardenHost } from './harden.ts'
import { makeSnapshot, openInterpreter } from './interpreter.ts'
import type { ChildMessage, RunMessage } from './protocol.ts'
import { rights } from './rights.ts'
import { runner } from './run.ts'

// An interpreter process, `main.ts PYODIDE_FOLDER MEGABYTES`, controlled over IPC; with 0 MB it only writes the
// snapshot that the others start from.
const [pyodideFolder = '', megabytes = '0'] = process.argv.slice(2)
/** The file descriptor that the parent opened on the snapshot. */
const snapshotFile = 4

async function load(): Promise<typeof Pyodide.loadPyodide> {
  const { loadPyodide } = (await import(pathToFileURL(join(pyodideFolder, 'pyodide.mjs')).href)) as typeof Pyodide
  return loadPyodide
}

/** Reads from position 0 explicitly, because all processes share one position in the file. */
function readSnapshot(): Uint8Array {
  const snapshot = new Uint8Array(fstatSync(snapshotFile).size)
  for (let at = 0; at < snapshot.length;) {
    const read = readSync(snapshotFile, snapshot, at, snapshot.length - at, at)
    if (read === 0) throw new Error('the snapshot is cut short')
    at += read
  }
  return snapshot
}

async function serve(): Promise<void> {
  const send = process.send?.bind(process)
  if (send === undefined) throw new Error('an interpreter process is started by the sandbox, not by hand')
  const say = (message: ChildMessage): void => void send(message)
  process.on('disconnect', () => process.exit(0))
  // An interruption that comes after the run that it was meant for ends nothing.
  process.on('SIGINT', () => {})
  const shared = new SharedArrayBuffer(alarmBytes)
  const watchdog = new Worker(join(import.meta.dirname, `watchdog${import.meta.filename.slice(-3)}`), {
    workerData: { parent: process.ppid, shared },
  })
  await once(watchdog, 'online')
  watchdog.unref()
  const snapshot = readSnapshot()
  const held = await rights()
  hardenHost()
  capMemory(Number(megabytes))
  const gate = gateImports()
  const options = { snapshot, megabytes: Number(megabytes), alarm: alarmOf(shared) }
  const { run, tidy } = runner(await openInterpreter(await load(), gate, options))
  process.on('message', ({ id, job }: RunMessage) => {
    try {
      say({ id, ...run(job) })
    } catch (error) {
      say({ id, crashed: inspect(error) })
    }
    // An interpreter that cannot be restored ends its process.
    tidy()
  })
  say({ ready: true, layers: held.giveUp() })
}

answerBinding()
if (Number(megabytes) === 0) {
  // The snapshot must be taken under the same patches under which it is used, so that the memory matches.
  hardenHost()
  writeFileSync(snapshotFile, await makeSnapshot(await load()))
} else await serve()
