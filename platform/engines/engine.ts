import { PlatformError } from '../errors.ts'
import { checkPorts } from './ports.ts'
import type { EngineProgram, RunningProgram, Starter } from './program.ts'

/** An engine on this machine: what it writes before, what runs, and how to tell that it does its work. */
export interface Engine {
  name: string
  /** Who wants which loopback port. */
  ports: Readonly<Record<string, number>>
  programs: readonly EngineProgram[]
  /** Writes settings and formats data folders that are still empty; fine when done before. */
  prepare(): Promise<void>
  /** Makes one engine of fresh processes (a cluster, a database) and resolves when it is seen to work. @throws DEPENDENCY_DOWN */
  settle(processes: readonly RunningProgram[]): Promise<void>
}

export interface StartedEngine extends AsyncDisposable {
  name: string
  /** The processes by program name. */
  processes: ReadonlyMap<string, RunningProgram>
  /** Starts a program that has ended again, on the same ports and data. @throws INVALID_INPUT for a name that is none. */
  restart(program: string): Promise<RunningProgram>
}

const graceMs = 10_000

/** Starts an engine and waits until it works; what was started is stopped again when it does not. Disposing stops it. @throws PORT_IN_USE, DEPENDENCY_DOWN */
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
