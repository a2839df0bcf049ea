import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../../config.ts'
import { PlatformError } from '../../errors.ts'
import { prepareStores } from '../../prepared.ts'
import { openEngineStores } from '../../open.ts'
import { recordOfSettings } from '../../settings-file.ts'
import { writeRunning } from '../../owner/data-folder.ts'
import { failureIn, sizeOf } from '../log-tail.ts'
import { findRecorded, type Found, healthOf, pollUntil, StillStarting } from '../running.ts'
import type { TargetContext, Up, UpOptions } from '../target.ts'
import { deployEngine, idleAmong, planOf } from './deploy.ts'
import { fullDisks } from './disks.ts'
import { findLocal } from './find.ts'
import { type Home, homeOf, localSupervisor } from './home.ts'
import { apiUrls, sidecarOf, withApiPorts } from './instances.ts'
import { type Instance, type Topology, withTopology } from './layout.ts'
import { namesOf, startInstance } from './members.ts'
import { smokeTestEngine } from './smoke-test.ts'
import { engineAt, ensureTopology, type LocalEngine, localEngines, readTopology, updateTopology } from './topology.ts'

/** The process whose log says most. */
export const apiProcess = 'api-1'

/**
 * Starts every process of the `local` target in order: engines, each proven to work; their data; agents and API with
 * their sidecars. Running processes are left as they are.
 * @throws PORT_IN_USE; NOT_RUNNING when an engine is not installed; CONFLICT when processes run under another topology;
 * CHECK_FAILED, DEPENDENCY_DOWN when a part does not work; STORAGE_FULL when a disk filled meanwhile
 */
export async function upLocal(context: TargetContext, options: UpOptions): Promise<Up> {
  if (context.dryRun) {
    const plan = await planUp(context, options.port)
    return { found: undefined, started: plan.length, plan }
  }
  try {
    return await startAll(context, options)
  } catch (error) {
    const [full] = await fullDisks(context.config.LEARNFLOW_DATA_DIR)
    if (full === undefined) throw error
    throw new PlatformError(full.code, `${full.cause}: ${full.evidence}`, { hint: full.fix, cause: error })
  }
}

async function startAll(context: TargetContext, options: UpOptions): Promise<Up> {
  const { config, entry, signal } = context
  const folder = config.LEARNFLOW_DATA_DIR
  await localSupervisor(folder).restore()
  const topology = await settleTopology(config, options.port)
  const engines = await settleAll(localEngines.map(async name => startEngine(name, topology, context)))
  await prepareEngines(withTopology(config, topology), folder)
  const home = homeOf(folder, topology, entry)
  const own = (await settleAll(topology.members.map(async instance => startExplained(instance, home)))).flat()
  const urls = apiUrls(config, topology)
  await untilReady(home, urls, options.waitSeconds, signal)
  const found = await noteRunning(folder, urls, own.includes(apiProcess))
  return { found, started: engines.flat().length + own.length, plan: [] }
}

/** Like `Promise.all`, but also after a failure nothing is still being started. */
async function settleAll<T>(all: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(all)
  const failed = ended.find(end => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return Promise.all(all)
}

/** What `up` would start, one line per step. */
async function planUp({ config }: TargetContext, port: number | undefined): Promise<string[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  const { wanted } = await wantedTopology(config, port, false)
  const supervisor = localSupervisor(folder)
  const engines = await Promise.all(
    localEngines.map(async name => planOf(await engineAt(name, folder, wanted), supervisor)),
  )
  const fresh = (await readTopology(folder)) === undefined ? ['migrate the history', 'create the topics'] : []
  const names = wanted.members.flatMap(instance => namesOf(instance, wanted))
  const ports = new Map(wanted.members.map(instance => [instance.name, instance.port]))
  const idle = await idleAmong(names, supervisor)
  const own = idle.map(name => `start ${name}${ports.get(name) === undefined ? '' : ` on port ${ports.get(name)}`}`)
  return [...engines.flat(), ...fresh, ...own]
}

/** The topology that this `up` wants for the folder; not yet saved. */
async function wantedTopology(
  config: Config,
  port: number | undefined,
  save: boolean,
): Promise<{ kept: Topology; wanted: Topology }> {
  const kept = await ensureTopology(port === undefined ? config : { ...config, LEARNFLOW_HTTP_PORT: port }, save)
  const engine = config.LEARNFLOW_DRIVERS === 'embedded' ? kept.engine : config.LEARNFLOW_DRIVERS
  return { kept, wanted: withApiPorts({ ...kept, engine }, port ?? 0) }
}

/** Saves a changed topology, unless processes run under the old one. @throws NOT_RUNNING without daprd; CONFLICT */
async function settleTopology(config: Config, port: number | undefined): Promise<Topology> {
  const folder = config.LEARNFLOW_DATA_DIR
  const { kept, wanted } = await wantedTopology(config, port, true)
  if (wanted.engine === 'dapr')
    await Promise.all(wanted.members.map(async instance => sidecarOf(instance, folder, wanted)))
  if (isDeepStrictEqual(kept, wanted)) return kept
  const names = kept.members.flatMap(instance => namesOf(instance, kept))
  if ((await idleAmong(names, localSupervisor(folder))).length < names.length)
    throw new PlatformError(
      'CONFLICT',
      `the platform runs with the engine ${kept.engine}, its API at ${apiUrls(config, kept).join(' and ')}`,
      { hint: 'learnflow down, then learnflow up' },
    )
  return updateTopology(folder, () => wanted)
}

async function startEngine(
  name: LocalEngine,
  topology: Topology,
  { config, progress }: TargetContext,
): Promise<string[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  progress(`starting ${name}`)
  const started = await deployEngine(await engineAt(name, folder, topology), localSupervisor(folder))
  progress(`${name}: ${await smokeTestEngine(name, topology)}`)
  return started
}

async function prepareEngines(config: Config, folder: string): Promise<void> {
  await using stores = await openEngineStores(config, folder)
  await prepareStores(stores)
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
  throw (await failureIn(log, 0)) ?? new StillStarting(name, waitSeconds, log)
}

/** Records the platform so that others find it. The record of a platform that was already running is left as it is. */
async function noteRunning(folder: string, [url = '', ...also]: readonly string[], anew: boolean): Promise<Found> {
  const [before, health] = [await findRecorded(folder, findLocal), await healthOf(url)]
  if (before !== undefined && !anew) return before
  const running = {
    pid: 0,
    url,
    also,
    target: 'local',
    version: health?.version ?? '',
    started_at: new Date().toISOString(),
    settings: recordOfSettings(),
  }
  await writeRunning(folder, running)
  return (await findRecorded(folder, findLocal)) ?? { running, health }
}
