import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import { PlatformError } from '../../errors.ts'
import { openHistory, openInterpreters, openStores, openSupervisor } from '../../open.ts'
import { callOwner } from '../../owner/control-socket.ts'
import { dataPaths, takeDataFolder } from '../../owner/data-folder.ts'
import { isLocked } from '../../owner/lock.ts'
import type { ProcessState } from '../../ports/supervisor.ts'
import { databaseTroubles, folderObstacles } from '../obstacles.ts'
import { failureIn, processLogs, sizeOf } from '../log-tail.ts'
import {
  demandReady,
  findRecorded,
  type Found,
  healthOf,
  isReady,
  isUp,
  notRunning,
  pollUntil,
  StillStarting,
  supervised,
} from '../running.ts'
import type { PortsRequest, PortsWork, Ready, Target, TargetContext, Up, UpOptions } from '../target.ts'
import type { Trouble } from '../trouble.ts'
import { asidePrefix, bringingPrefix, isAside, lastAside, swapDatabase } from './adopt.ts'

/** How long in ms a script waits for another one that has the data folder open. */
const folderMs = 15_000

/** One process with everything in it; it owns its data folder. */
export const embedded: Target = {
  name: 'embedded',
  oneProcess: true,
  up,
  obstacles,
  down,
  status,
  find,
  processes: async folder => [await stateOf(folder)],
  logs: async folder => processLogs([await stateOf(folder)]),
  troubles: async folder => ({
    findings: await damages(folder),
    up: isUp(await stateOf(folder)) ? 1 : 0,
    usable: true,
  }),
  whyDown,
  ports,
  history,
  adopts: { swap: swapDatabase, of: folder => dataPaths(folder).database, lastAside, isAside },
  settings: async config => config,
  engines: async () => [],
  owns: name => ownFiles.has(name) || ownPrefixes.some(prefix => name.startsWith(prefix)),
  smokeTest: async () => '',
}

/** Its supervision, what SQLite keeps beside a lock, and the mark of a database that is not finished. */
const ownPrefixes = [`${supervised}.`, 'keeper.', 'lock.db-', 'pg.unfinished', asidePrefix, bringingPrefix]
const ownFiles = new Set(Object.values(dataPaths('')).map(path => basename(path)))

/** The state of the process that `up` started; a platform that runs in the foreground has none. */
const stateOf = async (folder: string): Promise<ProcessState> => openSupervisor(folder).status(supervised)

async function find(folder: string, running: Found['running']): Promise<Found | undefined> {
  return isLocked(dataPaths(folder).lock) ? { running, health: await healthOf(running.url) } : undefined
}

async function damages(folder: string): Promise<Trouble[]> {
  return databaseTroubles(dataPaths(folder).database, 'embedded')
}

async function obstacles(folder: string): Promise<Trouble[]> {
  return [...(await folderObstacles(folder)), ...(await damages(folder))]
}

const present = async (folder: string): Promise<Found | undefined> => findRecorded(folder, find)

async function up({ config, entry, dryRun, progress, signal }: TargetContext, options: UpOptions): Promise<Up> {
  const folder = config.LEARNFLOW_DATA_DIR
  if (!dryRun) await openSupervisor(folder).restore()
  const before = await present(folder)
  if (isReady(before)) return { found: before, started: 0, plan: [] }
  const port = options.port ?? config.LEARNFLOW_HTTP_PORT
  const plan = [`start the embedded platform on ${folder}, port ${port}`]
  if (dryRun) return { found: undefined, started: 1, plan }
  const { log } = await stateOf(folder)
  const logged = await sizeOf(log)
  try {
    progress(`starting on ${folder}`)
    await openSupervisor(folder).start(supervised, [entry, 'serve', '--data', folder, '--port', String(port)])
    const settled = async (): Promise<boolean> => isReady(await present(folder)) || !isUp(await stateOf(folder))
    await pollUntil(settled, options.waitSeconds * 1_000, signal)
  } catch (error) {
    throw (await failureIn(log, logged)) ?? error
  }
  const found = await present(folder)
  if (isReady(found)) return { found, started: 1, plan }
  throw (await failureIn(log, logged)) ?? new StillStarting(`the platform on ${folder}`, options.waitSeconds, log)
}

async function down(
  { config, dryRun, signal }: TargetContext,
  graceMs: number,
  spared: readonly string[] = [],
): Promise<string[]> {
  const folder = config.LEARNFLOW_DATA_DIR
  if (spared.includes(supervised)) return []
  const [found, state] = [await present(folder), await stateOf(folder)]
  if (found === undefined && !isUp(state)) return []
  const stopped = [`process ${found?.running.pid ?? state.pid ?? supervised}`]
  if (dryRun) return stopped
  if (isUp(state)) await openSupervisor(folder).stop(supervised, graceMs)
  else if (found !== undefined) process.kill(found.running.pid, 'SIGTERM')
  if (!(await pollUntil(async () => (await present(folder)) === undefined, graceMs, signal)))
    throw new PlatformError('DEPENDENCY_DOWN', `the platform on ${folder} did not stop within ${graceMs / 1_000} s`, {
      hint: 'learnflow logs',
    })
  return stopped
}

async function status(folder: string): Promise<Ready> {
  const [found, state] = [await present(folder), await stateOf(folder)]
  if (found === undefined) throw absent(folder, state)
  demandReady(found, folder)
  return { found, restarts: state.pid === found.running.pid ? state.restarts : 0, processes: [] }
}

function absent(folder: string, { status: word, log, restarts }: ProcessState): PlatformError {
  if (word === 'crash_loop')
    return new PlatformError(
      'CHECK_FAILED',
      `the platform on ${folder} crashed ${restarts + 1} times and was given up`,
      { hint: `See ${log}.` },
    )
  if (word === 'running' || word === 'restarting')
    return new PlatformError(
      'CHECK_FAILED',
      `the platform on ${folder} is starting${word === 'restarting' ? ' again after a crash' : ''}`,
      { hint: 'learnflow logs' },
    )
  return notRunning(folder)
}

/** Why it does not run: its last failure, or that nobody started it. */
async function whyDown(folder: string): Promise<Trouble> {
  const [damage] = await damages(folder)
  if (damage !== undefined) return damage
  const { status: word, last_exit: exit, restarts, log } = await stateOf(folder)
  const failure = await failureIn(log, 0)
  const evidence = [
    word,
    ...(exit === undefined ? [] : [`ended ${exit.at} with ${exit.signal ?? exit.code}`]),
    ...(restarts === 0 ? [] : [`${restarts} restarts`]),
  ].join(', ')
  const failed = word === 'crash_loop' || (exit !== undefined && exit.code !== 0)
  return {
    code: 'NOT_RUNNING',
    cause: `no platform runs on ${folder}`,
    evidence:
      failure === undefined ? evidence : `${evidence}; its log: ${failure.code}: ${failure.message.slice(0, 160)}`,
    fix: failure !== undefined && failed ? `${failure.hint.slice(0, 120)}; then learnflow up` : 'learnflow up',
  }
}

/** The owner of the folder works on its ports; without an owner the folder is opened here. */
async function ports(
  { config, dryRun, progress, signal }: TargetContext,
  { op, args, traceparent, reads, needs }: PortsRequest,
  work: PortsWork,
): Promise<unknown> {
  const folder = config.LEARNFLOW_DATA_DIR
  for (const start = performance.now(); ;) {
    const answer = await callOwner(folder, { op, args, dry_run: dryRun, traceparent }, progress, signal)
    if (answer !== undefined) return answer.result
    const needsOwner = needs.includes('platform') || needs.includes('agents')
    // Reading must not create a folder.
    if (needsOwner || (reads && !existsSync(dataPaths(folder).database))) throw absent(folder, await stateOf(folder))
    try {
      return await onFolder(config, needs.includes('sandbox'), work)
    } catch (error) {
      // Its owner is just starting, or another script has it open: both end soon.
      const passing =
        error instanceof PlatformError && error.code === 'DATA_FOLDER_IN_USE' && performance.now() - start < folderMs
      if (!passing) throw error
      await sleep(100, undefined, { signal })
    }
  }
}

async function onFolder(config: Config, sandbox: boolean, work: PortsWork): Promise<unknown> {
  await using stack = new AsyncDisposableStack()
  const stores = stack.use(await openStores(config, stack.use(await takeDataFolder(config.LEARNFLOW_DATA_DIR))))
  return await work({ ...stores, ...(sandbox ? { sandbox: stack.use(await openInterpreters(config)) } : {}) })
}

async function history(config: Config) {
  await using stack = new AsyncDisposableStack()
  const opened = stack.use(await openHistory(config, stack.use(await takeDataFolder(config.LEARNFLOW_DATA_DIR))))
  const owned = stack.move()
  return { ...opened, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}
