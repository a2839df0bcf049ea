import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PlatformError } from '../../errors.ts'
import type { PythonResult, PythonRun } from '../../ports/sandbox.ts'
import type { ChildMessage } from './child/protocol.ts'

const startMs = 60_000
/** How long after its limit a run may take to come back by itself before the process is killed. */
const graceMs = 150
const longestWallSeconds = 30

const childFolder = join(realpathSync(import.meta.dirname), 'child')
const main = join(childFolder, `main${extname(import.meta.filename)}`)

/** The interpreter process died or answered nonsense; the program may be innocent. */
export class Crashed extends Error {}

/** One interpreter process: runs one job at a time. */
export interface InterpreterProcess {
  layers: string
  alive(): boolean
  /** The process should be replaced after this run. @throws Crashed */
  run(job: PythonRun): Promise<{ result: PythonResult; retire: boolean }>
  kill(): Promise<void>
}

/**
 * Starts an interpreter process with an empty environment, without the right to make code from strings, and under Node's permission
 * model: it may read Pyodide and its own sources, and has no right to write, to spawn or to load addons.
 * @throws DEPENDENCY_DOWN when it does not get ready.
 */
export async function startInterpreter(megabytes: number): Promise<InterpreterProcess> {
  const pyodide = realpathSync(dirname(fileURLToPath(import.meta.resolve('pyodide'))))
  const child = fork(main, [pyodide, String(megabytes)], {
    execArgv: [
      '--disallow-code-generation-from-strings',
      '--permission',
      '--allow-worker',
      `--allow-fs-read=${pyodide}`,
      `--allow-fs-read=${childFolder}`,
      '--disable-warning=SecurityWarning',
    ],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (data: Buffer) => (said = `${said}${data.toString()}`.slice(-2_000)))
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const first = await Promise.race([nextMessage(child), gone, sleep(startMs, undefined, { ref: false })])
  if (first === undefined || !('ready' in first)) {
    child.kill('SIGKILL')
    throw new PlatformError('DEPENDENCY_DOWN', `no Python interpreter could be started: ${said.trim().split('\n').slice(-3).join(' ') || 'it said nothing'}`, {
      hint: 'learnflow doctor',
    })
  }
  return {
    layers: first.layers,
    alive: () => child.connected && child.exitCode === null && child.signalCode === null,
    run: async job => runOn(child, gone, job),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function nextMessage(child: ChildProcess): Promise<ChildMessage> {
  return new Promise(resolve => child.once('message', message => resolve(message as ChildMessage)))
}

async function runOn(child: ChildProcess, gone: Promise<void>, job: PythonRun): Promise<{ result: PythonResult; retire: boolean }> {
  const seconds = Math.min(job.seconds ?? 5, longestWallSeconds)
  const id = randomUUID()
  const start = performance.now()
  let killed = false
  const timer = setTimeout(
    () => {
      killed = true
      child.kill('SIGKILL')
    },
    seconds * 1_000 + graceMs,
  )
  const { promise: answer, resolve } = Promise.withResolvers<ChildMessage>()
  const listen = (message: unknown): void => {
    const told = message as ChildMessage
    if ('id' in told && told.id === id) resolve(told)
  }
  child.on('message', listen)
  try {
    child.send({ id, job }, () => {})
    const told = await Promise.race([answer, gone])
    if (told !== undefined && 'result' in told) return told
    if (killed) return { result: timedOut(seconds, performance.now() - start), retire: true }
    throw new Crashed(told !== undefined && 'crashed' in told ? told.crashed : 'the interpreter process died')
  } finally {
    clearTimeout(timer)
    child.off('message', listen)
  }
}

/** The result of a run that stayed in C code until it was killed: what it printed died with it. */
function timedOut(seconds: number, tookMs: number): PythonResult {
  const message = `stopped after ${seconds} s`
  const error = { type: 'TimeoutError', message, mro: ['TimeoutError'], traceback: `TimeoutError: ${message}` }
  return { ended: 'timed_out', stdout: '', stderr: '', truncated: false, duration_ms: Math.round(tookMs), peak_megabytes: 0, trials: [], error }
}
