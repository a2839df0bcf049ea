import { PlatformError } from '../errors.ts'
import { checkPorts } from './ports.ts'
import type { EngineProgram, RunningProgram, Starter } from './program.ts'

/** An engine on this machine: its files, its programs, and how to check that it works. */
export interface Engine {
  name: string
  /** The loopback ports by the name of their user. */
  ports: Readonly<Record<string, number>>
  programs: readonly EngineProgram[]
  /** The programs whose data `prepare` has to mend while they are stopped. */
  damaged?(): Promise<readonly string[]>
  /** Writes settings and formats empty data folders; does nothing when that is done already. */
  prepare(): Promise<void>
  /**
   * Joins fresh processes into one engine (a cluster, a database) and resolves when it works. @throws DEPENDENCY_DOWN
   */
  settle(processes: readonly RunningProgram[]): Promise<void>
}

export interface StartedEngine extends AsyncDisposable {
  name: string
  /** The processes by program name. */
  processes: ReadonlyMap<string, RunningProgram>
  /** Restarts a program that has ended, on the same ports and data. @throws INVALID_INPUT for an unknown name. */
  restart(program: string): Promise<RunningProgram>
}

const graceMs = 10_000

/**
 * Starts an engine and waits until it works; if it does not, everything that was started is stopped. Disposing stops
 * it. @throws PORT_IN_USE, DEPENDENCY_DOWN
 */
export async function startEngine(engine: Engine, start: Starter): Promise<StartedEngine> {
  await checkPorts(engine.ports)
  await engine.prepare()
  const processes = new Map<string, RunningProgram>()
  const stop = async (): Promise<void> =>
    void (await Promise.all([...processes.values()].map(async process => process.stop(graceMs))))
  try {
    await Promise.all(engine.programs.map(async program => processes.set(program.name, await start(program))))
    await engine.settle([...processes.values()])
  } catch (error) {
    await stop()
    throw error
  }
  return {
    name: engine.name,
    processes,
    async restart(name) {
      const program = engine.programs.find(one => one.name === name)
      if (program === undefined)
        throw new PlatformError('INVALID_INPUT', `${engine.name} has no ${name}`, {
          hint: [...processes.keys()].join(', '),
        })
      const running = await start(program)
      processes.set(name, running)
      return running
    },
    [Symbol.asyncDispose]: stop,
  }
}
