import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import { findEngines } from '../../engines/find.ts'
import { PlatformError } from '../../errors.ts'
import { openEngineStores, openLazyInterpreters } from '../../open.ts'
import { dataPaths, readRunning } from '../../owner/data-folder.ts'
import type { History } from '../../ports/history.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import { embedded } from '../embedded/target.ts'
import { unreachableFor } from '../../engines/postgres.ts'
import { databaseTroubles, folderObstacles } from '../obstacles.ts'
import { processLogs } from '../log-tail.ts'
import { demandReady, findRecorded, isUp, isStarting, notRunning } from '../running.ts'
import type { PortsRequest, PortsWork, Ready, Target, TargetContext, Verifier } from '../target.ts'
import type { Trouble } from '../trouble.ts'
import { localAgents } from './agents.ts'
import { deployEngine, idleAmong, stopAll } from './deploy.ts'
import { roomTroubles } from './disks.ts'
import { findLocal, localProcesses } from './find.ts'
import { localSupervisor } from './home.ts'
import { processKindOf, stopOrder } from './instances.ts'
import { localPaths, withTopology } from './layout.ts'
import { demandTopology, engineAt, ensureTopology, localEngines, processNames, readTopology } from './topology.ts'
import { troublesOfProcesses } from './troubles.ts'
import { apiProcess, upLocal } from './up.ts'
import { counted } from '../../../schemas/counted.ts'

/** The checks that `up` runs before it reports success; `learnflow verify` measures all. */
const firstChecks = ['topics', 'grading.right', 'grading.wrong', 'mastery'] as const

/** Kafka, Redis Cluster, PostgreSQL, a sidecar for each of our own processes: all processes of this machine. */
export const local: Target = {
  name: 'local',
  oneProcess: false,
  up: upLocal,
  obstacles,
  down,
  status,
  find: findLocal,
  processes: localProcesses,
  logs: async folder =>
    processLogs((await localProcesses(folder)).toSorted((one, other) => rankOf(one.name) - rankOf(other.name))),
  troubles: async folder => troublesOfProcesses(folder, await demandTopology(folder)),
  whyDown,
  ports,
  history,
  settings,
  engines: findEngines,
  owns: name => embedded.owns(name) || ownFiles.has(name),
  smokeTest,
}

/** A process that keeps ending has done so within this time, in ms. */
const crashMs = 60_000
/** How long the stores may take to close, in ms: a client of Kafka waits minutes for brokers that are gone. */
const closeMs = 200

const { engine, ...rest } = localPaths('')
const ownFiles = new Set([...Object.values(rest), ...localEngines.map(engine)].map(path => basename(path)))
const rankOf = (name: string): number => (name === apiProcess ? 0 : 1)

/** The API first, then the agents after finishing work in hand, then sidecars and engines. */
async function down(
  { config, dryRun }: TargetContext,
  graceMs: number,
  spared: readonly string[] = [],
): Promise<string[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  const supervisor = localSupervisor(folder)
  const names = (await processNames(folder)).filter(name => !spared.includes(name))
  if (dryRun) {
    const idle = await idleAmong(names, supervisor)
    return names.filter(name => !idle.includes(name))
  }
  const stopped: string[] = []
  for (const kind of stopOrder) {
    const step = names.filter(name => processKindOf(name) === kind)
    stopped.push(...(await stopAll(step, supervisor, graceMs)))
  }
  if (spared.length === 0) await rm(dataPaths(folder).running, { force: true })
  return stopped
}

const damages = async (folder: string): Promise<Trouble[]> =>
  databaseTroubles(join(localPaths(folder).engine('postgres'), 'data'), 'local')

/** Also a full disk, a damaged database, and what keeps PostgreSQL out of the folder, which runs as a user of its own when this one is root. */
async function obstacles(folder: string): Promise<Trouble[]> {
  const unusable = await folderObstacles(folder)
  const isNew = unusable.length === 0 && (await readTopology(folder)) === undefined
  const found = unusable.length > 0 ? unusable : await roomTroubles(folder, isNew)
  const all = [...found, ...(await damages(folder))]
  const wall = all.length > 0 ? undefined : await unreachableFor(folder)
  if (wall === undefined) return all
  return [
    {
      code: 'DATA_FOLDER_UNUSABLE',
      cause: `PostgreSQL cannot reach ${folder}`,
      evidence: `as root it runs as the user postgres, for whom ${wall} is closed`,
      fix: `learnflow up --target local --data /var/lib/learnflow; or open it: chmod o+x ${wall}`,
    },
  ]
}

async function status(folder: string): Promise<Ready> {
  const [processes, topology] = [await localProcesses(folder), await readTopology(folder)]
  demandAll(processes)
  const [found, troubles] = await Promise.all([
    findRecorded(folder, findLocal),
    topology === undefined ? undefined : troublesOfProcesses(folder, topology, crashMs),
  ])
  if (found === undefined) throw absent(folder, processes)
  const [trouble] = troubles?.findings ?? []
  if (trouble !== undefined)
    throw new PlatformError(trouble.code, `${trouble.cause} (${trouble.evidence})`, { hint: trouble.fix })
  demandReady(found, folder)
  return { found, restarts: processes.reduce((sum, one) => sum + one.restarts, 0), processes }
}

const absent = (folder: string, processes: readonly ProcessState[]): PlatformError =>
  processes.some(isUp) ? isStarting(folder) : notRunning(folder)

/** @throws CHECK_FAILED naming every process that does not run, unless none does. */
function demandAll(processes: readonly ProcessState[]): void {
  const bad = processes.filter(({ status: word }) => word !== 'running')
  if (bad.length === 0 || !processes.some(isUp)) return
  throw new PlatformError(
    'CHECK_FAILED',
    bad
      .map(
        ({ name, status: word, restarts }) => `${name} is ${word.replace('_', ' ')}, ${counted(restarts, 'restart')}`,
      )
      .join('; '),
    { hint: `learnflow logs --process ${bad[0]?.name ?? ''}; learnflow up --target local starts what does not run.` },
  )
}

async function whyDown(folder: string, up: number): Promise<Trouble> {
  const { status: word, last_exit: exit } = await localSupervisor(folder).status(apiProcess)
  const ended = exit === undefined ? '' : `, ended ${exit.at} with ${exit.signal ?? exit.code}`
  return {
    code: 'NOT_RUNNING',
    cause: up === 0 ? `no platform runs on ${folder}` : `the API of the platform on ${folder} does not run`,
    evidence: `${counted(up, 'process')} up; ${apiProcess} ${word}${ended}`,
    fix: 'learnflow up --target local',
  }
}

/** Runs in this process on the engines, beside the agents. */
async function ports(context: TargetContext, { needs }: PortsRequest, work: PortsWork): Promise<unknown> {
  const { config } = context
  const running = await readRunning(config.LEARNFLOW_DATA_DIR)
  const folder = config.LEARNFLOW_DATA_DIR
  if (needs.includes('platform') && running === undefined) throw absent(folder, await localProcesses(folder))
  const stack = new AsyncDisposableStack()
  try {
    const stores = stack.use(await openEngineStores(await settings(config)))
    return await work({
      ...stores,
      ...(needs.includes('sandbox') ? { sandbox: stack.use(await openLazyInterpreters(config)) } : {}),
      ...(needs.includes('agents') ? { agents: localAgents({ ...context, log: stores.log }) } : {}),
    })
  } finally {
    await Promise.race([stack.disposeAsync(), sleep(closeMs, undefined, { ref: false })])
  }
}

async function settings(config: Config): Promise<Config> {
  const topology = await readTopology(config.LEARNFLOW_DATA_DIR)
  return topology === undefined ? config : withTopology(config, topology)
}

/** PostgreSQL runs while the history is open; a new one on a free port, because other platforms may run beside. */
async function history(config: Config): Promise<History> {
  const folder = config.LEARNFLOW_DATA_DIR
  await using stack = new AsyncDisposableStack()
  const supervisor = localSupervisor(folder)
  const topology = await ensureTopology({ ...config, LEARNFLOW_LOCAL_PORTS: 0 }, true)
  const started = await deployEngine(await engineAt('postgres', folder, topology), supervisor)
  stack.defer(async () => void (await stopAll(started, supervisor)))
  const opened = stack.use(await openEngineStores(withTopology(config, topology), folder)).history
  const owned = stack.move()
  return { ...opened, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

/** The first program takes long, because the agents may still be joining and the interpreters start with it. */
async function smokeTest({ config }: TargetContext, verifier: Verifier): Promise<string> {
  const { members: instances } = await demandTopology(config.LEARNFLOW_DATA_DIR)
  await verifier.firstGrade(instances.some(({ role }) => role === 'progress'))
  return verifier.checks(firstChecks)
}
