import type { Engine } from '../../engines/engine.ts'
import { checkPorts } from '../../engines/ports.ts'
import type { EngineProgram, RunningProgram } from '../../engines/program.ts'
import { PlatformError } from '../../errors.ts'
import type { Order, ProcessState, Supervisor } from '../../ports/supervisor.ts'
import { isUp } from '../running.ts'

const watchMs = 200
const stopMs = 30_000

/** Those of these processes that do not run. */
export async function idleAmong(names: readonly string[], supervisor: Supervisor): Promise<string[]> {
  const states = await Promise.all(names.map(async name => supervisor.status(name)))
  return states.filter(state => !isUp(state)).map(({ name }) => name)
}

/** The programs that were started with other arguments or settings than these, and what differs. */
export async function otherOrders(
  programs: readonly EngineProgram[],
  supervisor: Pick<Supervisor, 'order'>,
): Promise<{ name: string; differs: string[] }[]> {
  const all = await Promise.all(
    programs.map(async ({ name, args, env = {} }) => {
      const order = await supervisor.order(name)
      return { name, differs: order === undefined ? [] : differences({ args, env }, order) }
    }),
  )
  return all.filter(({ differs }) => differs.length > 0)
}

/** The flags and settings that differ; an argument that is no flag goes by the flag before it. */
function differences({ args, env = {} }: Order, { args: others, env: otherEnv = {} }: Order): string[] {
  const flags = Array.from({ length: Math.max(args.length, others.length) }, (_, at) => at)
    .filter(at => args[at] !== others[at])
    .map(at => [args[at], args[at - 1], others[at]].find(word => word?.startsWith('-')) ?? `argument ${at + 1}`)
  const settings = Object.keys({ ...env, ...otherEnv }).filter(name => env[name] !== otherEnv[name])
  return [...new Set([...flags, ...settings])]
}

/** The programs of an engine that do not run, or run on data or with settings that have to be mended first. */
async function programsToStart(
  { programs, damaged }: Engine,
  supervisor: Supervisor,
): Promise<{ wanted: EngineProgram[]; running: string[] }> {
  const names = programs.map(({ name }) => name)
  const idle = await idleAmong(names, supervisor)
  const others = (await otherOrders(programs, supervisor)).map(({ name }) => name)
  const bad = [...new Set([...((await damaged?.()) ?? []), ...others])]
  return {
    wanted: programs.filter(({ name }) => idle.includes(name) || bad.includes(name)),
    running: bad.filter(name => !idle.includes(name)),
  }
}

/** One line for each program of an engine that `deployEngine` would start. */
export async function planOf(engine: Engine, supervisor: Supervisor): Promise<string[]> {
  const { wanted } = await programsToStart(engine, supervisor)
  return wanted.map(({ name }) => `start ${name} on port ${engine.ports[name] ?? 0}`)
}

/**
 * Starts the programs of an engine that do not run, under the supervisor, and waits until the engine works as a whole.
 * Running ones are left as they are, unless
 * their data is damaged or they were started with other settings. Returns the names of those started. @throws PORT_IN_USE, DEPENDENCY_DOWN
 */
export async function deployEngine(engine: Engine, supervisor: Supervisor): Promise<string[]> {
  const { wanted, running } = await programsToStart(engine, supervisor)
  if (wanted.length > 0) {
    await stopAll(running, supervisor)
    const owned = Object.entries(engine.ports).filter(([what]) =>
      wanted.some(({ name }) => what === name || what.startsWith(`${name} `)),
    )
    await checkPorts(Object.fromEntries(owned))
    await engine.prepare()
    await Promise.all(wanted.map(async program => startProgram(program, supervisor)))
  }
  using watched = await watchAll(engine.programs, supervisor)
  await engine.settle(watched.processes)
  return wanted.map(({ name }) => name)
}

async function startProgram(
  { name, args, env = {}, ...program }: EngineProgram,
  supervisor: Supervisor,
): Promise<void> {
  await supervisor.start(name, args, { ...program, env })
}

/**
 * Supervised processes as an engine watches them while it starts: one counts as ended when its supervisor has given up
 * on it.
 */
async function watchAll(
  programs: readonly EngineProgram[],
  supervisor: Supervisor,
): Promise<Disposable & { processes: RunningProgram[] }> {
  const lost = new Set<string>()
  const look = async (): Promise<void> => {
    for (const { name } of programs) if (!isUp(await supervisor.status(name))) lost.add(name)
  }
  const timer = setInterval(() => void look().catch(() => lost.add('the supervisor')), watchMs)
  const states = await Promise.all(programs.map(async ({ name }) => supervisor.status(name)))
  return {
    processes: states.map(({ name, pid = 0, log }) => ({
      pid,
      log,
      ended: () => lost.has(name) || lost.has('the supervisor'),
      signal: signal => void process.kill(pid, signal),
      stop: async graceMs => void (await supervisor.stop(name, graceMs)),
    })),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/** Stops processes at once. Returns the names of those that ran. */
export async function stopAll(names: readonly string[], supervisor: Supervisor, graceMs = stopMs): Promise<string[]> {
  const ends = await Promise.all(names.map(async name => [name, await supervisor.stop(name, graceMs)] as const))
  return ends.filter(([, end]) => end === 'stopped').map(([name]) => name)
}

/** @throws CHECK_FAILED naming the programs that do not run. */
export async function demandRunning(engine: Engine, supervisor: Supervisor): Promise<ProcessState[]> {
  const states = await Promise.all(engine.programs.map(async ({ name }) => supervisor.status(name)))
  const bad = states.filter(({ status }) => status !== 'running')
  if (bad.length === states.length)
    throw new PlatformError('NOT_RUNNING', `${engine.name} does not run`, { hint: 'learnflow up --target local' })
  if (bad.length > 0)
    throw new PlatformError(
      'CHECK_FAILED',
      bad.map(({ name, status, restarts }) => `${name} is ${status} after ${restarts} restarts`).join(', '),
      {
        hint: `See ${bad[0]?.log ?? ''}.`,
      },
    )
  return states
}
