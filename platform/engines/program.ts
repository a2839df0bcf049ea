import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlatformError } from '../errors.ts'

/**
 * An ordinary process: its command, folder and user. `folder` is its working directory and gets `NAME.log` and
 * `NAME.pid`.
 */
export interface EngineProgram {
  name: string
  command: string
  args: readonly string[]
  folder: string
  env?: Readonly<Record<string, string>>
  /** The user to run it as, when this process may choose. */
  owner?: Owner
  /** The signal that asks it to stop; default SIGTERM. */
  stopSignal?: 'SIGTERM' | 'SIGINT'
  /** It exits while its dependencies are missing: a supervisor restarts it for as long as that takes. */
  persistent?: boolean
}

export interface Owner {
  uid: number
  gid: number
}

export interface RunningProgram {
  readonly pid: number
  readonly log: string
  /** Whether it has ended for any reason. */
  ended(): boolean
  signal(signal: NodeJS.Signals): void
  /** Sends its stop signal, and SIGKILL after `graceMs`; resolves when it has ended, at once when it had before. */
  stop(graceMs: number): Promise<void>
}

/** How a program is started: as a child of this process (`startChild`), or under a supervisor. */
export type Starter = (program: EngineProgram) => Promise<RunningProgram>

/**
 * Starts a child of this process in a process group of its own, with its log and pid as files. @throws DEPENDENCY_DOWN
 * when it cannot be started.
 */
export async function startChild({
  name,
  command,
  args,
  folder,
  env = {},
  owner,
  stopSignal = 'SIGTERM',
}: EngineProgram): Promise<RunningProgram> {
  await mkdir(folder, { recursive: true })
  const log = join(folder, `${name}.log`)
  const output = openSync(log, 'a', 0o600)
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...env },
    stdio: ['ignore', output, output],
    detached: true,
    ...owner,
  })
  closeSync(output)
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject)).catch(
    (cause: unknown) => {
      throw new PlatformError('DEPENDENCY_DOWN', `${name} cannot be started: ${String(cause)}`, {
        hint: `Check that ${command} runs.`,
        cause,
      })
    },
  )
  const { pid } = child
  if (pid === undefined) throw new PlatformError('DEPENDENCY_DOWN', `${name} has no process`, { hint: `See ${log}.` })
  await writeFile(join(folder, `${name}.pid`), `${pid}\n`)
  const over = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    pid,
    log,
    ended: over,
    signal: signal => void child.kill(signal),
    async stop(graceMs) {
      child.kill(stopSignal)
      // A stopped (SIGSTOP) process handles no other signal until it continues.
      child.kill('SIGCONT')
      const patience = sleep(graceMs, undefined, { ref: false })
      await Promise.race([ended, patience])
      if (!over()) child.kill('SIGKILL')
      await ended
      await rm(join(folder, `${name}.pid`), { force: true })
    },
  }
}

/**
 * Polls until `holds` resolves to true; a rejection counts as false.
 * @throws DEPENDENCY_DOWN with the last reason and the end of the log, after `seconds` or as soon as a process has
 * ended.
 */
export async function untilReady(
  what: string,
  processes: readonly RunningProgram[],
  seconds: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  let reason = 'it did not answer'
  for (const end = performance.now() + seconds * 1_000; performance.now() < end; await sleep(50)) {
    const gone = processes.find(process => process.ended())
    if (gone !== undefined) throw await notReady(what, 'a process of it has ended', gone)
    try {
      if (await holds()) return
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  throw await notReady(what, `not ready after ${seconds} s: ${reason}`, processes[0])
}

async function notReady(what: string, why: string, process: RunningProgram | undefined): Promise<PlatformError> {
  const words =
    process === undefined
      ? ''
      : (await readFile(process.log, 'utf8')).trim().split('\n').slice(-3).join(' | ').slice(-600)
  return new PlatformError('DEPENDENCY_DOWN', `${what}: ${why}${words === '' ? '' : ` (${words})`}`, {
    hint: process === undefined ? what : `See ${process.log}.`,
  })
}
