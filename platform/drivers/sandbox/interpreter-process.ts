import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../../errors.ts'
import type { PythonResult, PythonRun } from '../../ports/sandbox.ts'
import type { ChildMessage } from './child/protocol.ts'
import { within } from '../../steps.ts'
import { isLimited, launcher } from './launcher.ts'
import { forgetSnapshot, openSnapshot } from './snapshot.ts'
import { startNode } from './start-node.ts'

const startMs = 60_000
/**
 * How long a run may take before its process is killed, for each second that the program may compute and for each of
 * its first trials: the process itself ends a run sooner, unless it hangs as a whole.
 */
const wallFactor = 15
const graceMs = 30_000
const maxTrials = 10
const maxSeconds = 30
/** The signal by which a process ends itself when it cannot interrupt a run. */
const overdue = 'SIGXCPU'

/** The interpreter process died or sent an invalid answer; the program need not be the cause. */
export class Crashed extends Error {}

/** One interpreter process: runs one job at a time. */
export interface InterpreterProcess {
  layers: string
  /** Resolves when the process has ended, with what it said at the end. */
  gone: Promise<string>
  alive(): boolean
  /** `retire`: the process should be replaced after this run. @throws Crashed */
  run(job: PythonRun): Promise<{ result: PythonResult; retire: boolean }>
  kill(): Promise<void>
}

let snapshot: Promise<FileHandle> | undefined

/**
 * Starts an interpreter process with the fewest rights that this machine allows.
 * @throws DEPENDENCY_DOWN when it does not get ready.
 */
export async function startInterpreter(megabytes: number): Promise<InterpreterProcess> {
  const started = await tryStart(megabytes)
  if (typeof started !== 'string') return started
  await forgetSnapshot()
  snapshot = undefined
  const again = await tryStart(megabytes)
  if (typeof again !== 'string') return again
  throw new PlatformError('DEPENDENCY_DOWN', `no Python interpreter could be started: ${again}`, {
    hint: 'learnflow doctor',
  })
}

/** The process, or its error output when it did not get ready. */
async function tryStart(megabytes: number): Promise<InterpreterProcess | string> {
  const { command } = await launcher()
  snapshot ??= openSnapshot()
  const file = await snapshot.catch((error: unknown) => {
    snapshot = undefined
    throw error
  })
  const start = { megabytes, command, nodeArguments: [] }
  return within('sandbox:start', start, async () => untilReady(startNode({ snapshotFile: file.fd, ...start })))
}

async function untilReady(child: ChildProcess): Promise<InterpreterProcess | string> {
  let said = ''
  child.stderr?.on('data', (data: Buffer) => (said = `${said}${data.toString()}`.slice(-2_000)))
  const gone = new Promise<string>(resolve =>
    child.once('close', () => resolve(firstError(said) || 'the interpreter process died')),
  )
  const first = await Promise.race([nextMessage(child), gone, sleep(startMs, undefined, { ref: false })])
  if (typeof first !== 'object' || !('ready' in first)) {
    child.kill('SIGKILL')
    return firstError(said) || 'it said nothing'
  }
  if (child.pid !== undefined && (await isLimited(child.pid))) first.layers.push('rlimit')
  return {
    layers: first.layers.join('+'),
    gone,
    alive: () => child.connected && child.exitCode === null && child.signalCode === null,
    run: async job => runOn(child, gone, job),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The line of a stack trace with the error message. */
function firstError(stderr: string): string {
  const lines = stderr.trim().split('\n')
  return lines.find(line => /Error\b.*:/.test(line)) ?? lines.at(-1) ?? ''
}

async function nextMessage(child: ChildProcess): Promise<ChildMessage> {
  return new Promise(resolve => child.once('message', message => resolve(message as ChildMessage)))
}

async function runOn(
  child: ChildProcess,
  gone: Promise<string>,
  job: PythonRun,
): Promise<{ result: PythonResult; retire: boolean }> {
  const seconds = Math.min(job.seconds ?? 5, maxSeconds)
  const trials = Math.min(job.calls?.length ?? 1, maxTrials)
  const id = randomUUID()
  const start = performance.now()
  let killed = false
  const timer = setTimeout(
    () => {
      killed = true
      child.kill('SIGKILL')
    },
    (seconds * 1_000 * wallFactor + graceMs) * trials,
  )
  const { promise: answer, resolve } = Promise.withResolvers<ChildMessage>()
  const listen = (message: unknown): void => {
    const told = message as ChildMessage
    if ('id' in told && told.id === id) resolve(told)
  }
  child.on('message', listen)
  try {
    // A signal cannot be sent to another process.
    const { signal: _signal, ...sent } = job
    child.send({ id, job: { ...sent, seconds } }, () => {})
    const told = await Promise.race([answer, gone])
    if (typeof told === 'object' && 'result' in told) return told
    if (killed || child.signalCode === overdue)
      return { result: timedOut(seconds, performance.now() - start), retire: true }
    throw new Crashed(typeof told === 'string' ? told : 'crashed' in told ? told.crashed : 'it sent no result')
  } finally {
    clearTimeout(timer)
    child.off('message', listen)
  }
}

/**
 * The result of a run that stayed in C code until it was killed; its output and memory figures are lost with the
 * process.
 */
function timedOut(seconds: number, tookMs: number): PythonResult {
  const message = `stopped after ${seconds} s`
  const error = { type: 'TimeoutError', message, mro: ['TimeoutError'], traceback: `TimeoutError: ${message}` }
  return {
    ended: 'timed_out',
    stdout: '',
    stderr: '',
    truncated: false,
    duration_ms: Math.round(tookMs),
    peak_megabytes: null,
    calls: [],
    error,
  }
}
