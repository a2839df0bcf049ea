import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { dataPaths, writeRunning } from '../../platform/owner/data-folder.ts'
import { PlatformError } from '../../platform/errors.ts'
import { idleAmong, isUp, stopAll } from '../../platform/targets/local/deploy.ts'
import type { Topology, Instance } from '../../platform/targets/local/layout.ts'
import { namesOf, startInstance } from '../../platform/targets/local/members.ts'
import { updateTopology, processNames, readTopology, ensureTopology } from '../../platform/targets/local/topology.ts'
import { apiUrls, processKindOf, sidecarOf, stopOrder, withApiPorts } from '../../platform/targets/local/instances.ts'
import type { ProcessState } from '../../platform/ports/supervisor.ts'
import { openProbe } from '../../verify/check.ts'
import { verify } from '../../verify/run.ts'
import type { Context } from '../definition.ts'
import { type Home, homeOf, localSupervisor } from '../../platform/targets/local/home.ts'
import { entry } from '../entry.ts'
import { operateHere, runScript } from '../registry.ts'
import { failureIn, sizeOf } from '../../platform/targets/log-tail.ts'
import { findPlatform, type Found, healthOf, pollUntil } from '../../platform/targets/running.ts'

/** The process whose log is shown by default. */
export const apiProcess = 'api-1'
const engineScripts = ['kafka-deploy/deploy', 'redis-cluster/deploy', 'postgres/deploy'] as const
const dataScripts = ['history/migrate', 'kafka-topics/create'] as const
/** The checks that `up` runs before it reports success; `learnflow verify` measures all. */
const firstChecks = ['topics', 'grading.right', 'grading.wrong', 'mastery'] as const
const drainMs = 45_000
const rightProgram = 'def square(n):\n    return n * n\n'

/**
 * `port` is that of the first API process; undefined keeps the present ports, or takes the setting when there are none
 * yet.
 */
interface Wanted {
  port: number | undefined
  waitSeconds: number
}

/** What `up` did: the platform as found at the end, how many processes were started, and which checks passed. */
export interface Up {
  found: Found
  started: number
  verified: string
}

/** The topology that this `up` wants for the folder; not yet saved. */
async function wantedTopology(
  { config }: Context,
  port: number | undefined,
  save: boolean,
): Promise<{ kept: Topology; wanted: Topology }> {
  const kept = await ensureTopology(port === undefined ? config : { ...config, LEARNFLOW_HTTP_PORT: port }, save)
  const engine = config.LEARNFLOW_DRIVERS === 'embedded' ? kept.engine : config.LEARNFLOW_DRIVERS
  return { kept, wanted: withApiPorts({ ...kept, engine }, port ?? 0) }
}

/** What `up` would start, one line per step. */
export async function planUp(context: Context, port: number | undefined): Promise<string[]> {
  const { config, progress, signal } = context
  const folder = config.LEARNFLOW_DATA_DIR
  const engines = await Promise.all(
    engineScripts.map(async id => runScript(id, {}, { config, dryRun: true, progress, signal })),
  )
  const fresh = (await readTopology(folder)) === undefined ? ['migrate the history', 'create the topics'] : []
  const { wanted } = await wantedTopology(context, port, false)
  const names = wanted.members.flatMap(instance => namesOf(instance, wanted))
  const ports = new Map(wanted.members.map(instance => [instance.name, instance.port]))
  const idle = await idleAmong(names, localSupervisor(folder))
  const own = idle.map(name => `start ${name}${ports.get(name) === undefined ? '' : ` on port ${ports.get(name)}`}`)
  return [...engines.flatMap(({ plan }) => plan), ...fresh, ...own]
}

/**
 * Starts every process of the `local` target with the skills that deploy each, in order: engines, their data, agents
 * and API with their sidecars; then checks that it works. Running processes are left as they are. @throws what the
 * skills throw; CHECK_FAILED when it runs but does not work.
 */
export async function upLocal(context: Context, { port, waitSeconds }: Wanted): Promise<Up> {
  const { config, progress, signal } = context
  const folder = config.LEARNFLOW_DATA_DIR
  const topology = await settleTopology(context, port)
  const run = async (id: string): Promise<number> => (await runScript(id, {}, { config, progress, signal })).changed
  let started = (await Promise.all(engineScripts.map(run))).reduce((sum, count) => sum + count, 0)
  for (const id of dataScripts) await run(id)
  const home = homeOf(folder, topology, entry)
  const own = (await Promise.all(topology.members.map(async instance => startExplained(instance, home)))).flat()
  started += own.length
  const urls = apiUrls(config, topology)
  await untilReady(home, urls, waitSeconds, signal)
  const found = await noteRunning(folder, urls, own.includes(apiProcess))
  if (started === 0) return { found, started, verified: '' }
  await firstGrade(folder, config.LEARNFLOW_JWT_ISSUER, {
    waitSeconds,
    counted: topology.members.some(({ role }) => role === 'progress'),
    signal,
  })
  const { total, lines } = await verify(folder, firstChecks, progress, operateHere(config))
  const broken = lines.filter(line => line.startsWith('FAIL'))
  if (broken.length > 0)
    throw new PlatformError('CHECK_FAILED', [total, ...broken].join('\n'), { hint: 'learnflow status; learnflow logs' })
  // A machine that has just started thirty processes may be slow, so late but right results are reported and the
  // platform is left running.
  return { found, started, verified: [total, ...lines.filter(line => line.startsWith('LATE'))].join('; ') }
}

/** Saves a changed topology, unless processes run under the old one. @throws NOT_RUNNING without daprd; CONFLICT */
async function settleTopology(context: Context, port: number | undefined): Promise<Topology> {
  const folder = context.config.LEARNFLOW_DATA_DIR
  const { kept, wanted } = await wantedTopology(context, port, true)
  if (wanted.engine === 'dapr')
    await Promise.all(wanted.members.map(async instance => sidecarOf(instance, folder, wanted)))
  if (isDeepStrictEqual(kept, wanted)) return kept
  const names = kept.members.flatMap(instance => namesOf(instance, kept))
  if ((await idleAmong(names, localSupervisor(folder))).length < names.length)
    throw new PlatformError(
      'CONFLICT',
      `the platform runs with the engine ${kept.engine}, its API at ${apiUrls(context.config, kept).join(' and ')}`,
      {
        hint: 'learnflow down, then learnflow up',
      },
    )
  return updateTopology(folder, () => wanted)
}

/** Starts a process; when it ends at once, the error includes the failure from its log. */
async function startExplained(instance: Instance, home: Home): Promise<string[]> {
  const { log } = await home.supervisor.status(instance.name)
  const logged = await sizeOf(log)
  try {
    return await startInstance(instance, home)
  } catch (error) {
    throw (await failureIn(log, logged)) ?? error
  }
}

/** Waits for every API process. */
async function untilReady(
  { topology, supervisor }: Home,
  urls: readonly string[],
  waitSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const apis = topology.members.filter(({ role }) => role === 'api').map(({ name }) => name)
  const allReady = async (): Promise<boolean> =>
    (await Promise.all(urls.map(healthOf))).every(health => health?.status === 'ready')
  const ended = async (): Promise<string | undefined> => (await idleAmong(apis, supervisor))[0]
  await pollUntil(async () => (await allReady()) || (await ended()) !== undefined, waitSeconds * 1_000, signal)
  if (await allReady()) return
  const { name, log } = await supervisor.status((await ended()) ?? apiProcess)
  throw (
    (await failureIn(log, 0)) ??
    new PlatformError('DEPENDENCY_DOWN', `${name} is not ready after ${waitSeconds} s`, {
      hint: `See ${log}, then learnflow status.`,
    })
  )
}

/** Records the platform so that others find it. The record of a platform that was already running is left as it is. */
async function noteRunning(folder: string, [url = '', ...also]: readonly string[], anew: boolean): Promise<Found> {
  const [before, health] = [await findPlatform(folder), await healthOf(url)]
  if (before !== undefined && !anew) return before
  const running = {
    pid: 0,
    url,
    also,
    target: 'local' as const,
    version: health?.version ?? '',
    started_at: new Date().toISOString(),
  }
  await writeRunning(folder, running)
  return (await findPlatform(folder)) ?? { running, health }
}

/**
 * The first program takes long, because the agents may still be joining their groups, and the interpreters start with
 * it. `counted`: also waits until it moves mastery.
 */
async function firstGrade(
  folder: string,
  issuer: string,
  { waitSeconds, counted, signal }: { waitSeconds: number; counted: boolean; signal: AbortSignal },
) {
  const probe = await openProbe(folder, issuer)
  const student = probe.newStudent()
  const client = probe.client({ student })
  const waitMs = waitSeconds * 1_000
  const { status } = await client.ended((await client.submit('square', rightProgram, 'first')).request_id, waitMs)
  if (status !== 'done')
    throw new PlatformError('CHECK_FAILED', `a first program is ${status} after ${waitSeconds} s`, {
      hint: 'learnflow status; learnflow logs --process exercise-1',
    })
  const moved = async (): Promise<boolean> => (await client.mastery(student)).modules.some(({ mastery }) => mastery > 0)
  if (counted && !(await pollUntil(moved, waitMs, signal)))
    throw new PlatformError('CHECK_FAILED', `a first grade has not moved mastery after ${waitSeconds} s`, {
      hint: 'learnflow status; learnflow logs --process progress-1',
    })
}

/**
 * The state of every process that was started here, except those that were scaled away; an empty list for a folder of
 * another target.
 */
export async function localProcesses(folder: string): Promise<ProcessState[]> {
  const topology = await readTopology(folder)
  if (topology === undefined) return []
  const [supervisor, own] = [localSupervisor(folder), topology.members.flatMap(instance => namesOf(instance, topology))]
  const states = await Promise.all((await processNames(folder)).map(async name => supervisor.status(name)))
  return states.filter(state => isUp(state) || own.includes(state.name) || processKindOf(state.name) === 'engine')
}

/**
 * Stops what runs: the API first, then the agents after finishing work in hand, then sidecars and engines. Returns the
 * names of those that ran.
 */
export async function downLocal(folder: string, graceMs = drainMs): Promise<string[]> {
  const [names, supervisor] = [await processNames(folder), localSupervisor(folder)]
  const stopped: string[] = []
  for (const kind of stopOrder) {
    const step = names.filter(name => processKindOf(name) === kind)
    stopped.push(...(await stopAll(step, supervisor, graceMs)))
  }
  await rm(dataPaths(folder).running, { force: true })
  return stopped
}
