import { join } from 'node:path'
import type { Logger } from 'pino'
import { topics } from '../schemas/topics.ts'
import type { Config } from './config.ts'
import { type DataFolder, dataPaths } from './owner/data-folder.ts'
import type { Apps } from './drivers/embedded/invoker.ts'
import { demandPrepared } from './prepared.ts'
import { processSupervisor } from './drivers/process/supervisor.ts'
import { PlatformError } from './errors.ts'
import type { EventLog } from './ports/event-log.ts'
import type { History, MigrationReport } from './ports/history.ts'
import type { Invoker } from './ports/invoker.ts'
import type { Model } from './ports/model.ts'
import type { Sandbox } from './ports/sandbox.ts'
import type { SharedCounts } from './ports/shared-counts.ts'
import type { StateStore } from './ports/state-store.ts'
import type { Supervisor } from './ports/supervisor.ts'

/** All ports that an agent, the API or a script may use. Disposing closes all of them. */
export interface Ports extends AsyncDisposable {
  log: EventLog
  state: StateStore
  /** Takes what was deleted out of the files of the state; returns what refused. Absent where it is in the history. */
  rewriteState?: () => Promise<string[]>
  history: History
  sandbox: Sandbox
  invoker: Invoker
  /** Words verified answers; undefined where no model is set. */
  model: Model | undefined
  /** Undefined where one process counts alone, in its memory. */
  counts: SharedCounts | undefined
  logger: Logger
  migration: MigrationReport
}

export interface OpenOptions {
  /** The apps that `invoker` can call in this process. */
  apps: Apps
  /** Called once when a port is permanently broken and the process should be replaced. */
  onBroken: (error: PlatformError) => void
}

/** Drivers are imported on use, so that commands that only start, stop or inspect stay fast. */
const embedded = async () => import('./drivers/embedded/all.ts')
const direct = async () => import('./drivers/direct/all.ts')
const dapr = async () => import('./drivers/dapr/all.ts')

/**
 * The logger of a process: JSON lines on stderr. `err` holds an error; `trace_id` and `request_id` name the work it
 * belongs to.
 */
async function openLogger(config: Config): Promise<Logger> {
  const { pino } = await import('pino')
  return pino(
    {
      level: config.LEARNFLOW_LOG_LEVEL,
      base: { pid: process.pid },
      redact: ['*.token', '*.secret', '*.authorization'],
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

/** Only the Python sandbox, for work without a platform. */
export async function openInterpreters(config: Config, logger?: Logger): Promise<Sandbox> {
  const { openSandbox } = await import('./drivers/sandbox/pyodide.ts')
  return openSandbox({
    processes: config.LEARNFLOW_SANDBOX_PROCESSES,
    queueLimit: config.LEARNFLOW_SANDBOX_QUEUE,
    runsPerOwner: config.LEARNFLOW_RUNS_PER_PERSON,
    onReplaced: reason => logger?.warn({ reason }, 'an interpreter process is replaced'),
  })
}

/** The same, started with the first program. */
export async function openLazyInterpreters(config: Config, logger?: Logger): Promise<Sandbox> {
  const { lazySandbox } = await import('./drivers/sandbox/lazy.ts')
  return lazySandbox(async () => openInterpreters(config, logger))
}

/** The file with the memory of a prepared interpreter of the built program whose folder `platform` this is. */
export async function interpreterMemory(platform: string): Promise<string> {
  const { snapshotPath } = await import('./drivers/sandbox/snapshot.ts')
  return snapshotPath(join(platform, 'drivers', 'sandbox', 'child'), '.js')
}

/** The model of the settings, which connects to nothing before it is asked. @throws INVALID_INPUT */
async function openModel({
  LEARNFLOW_MODEL_URL: url,
  LEARNFLOW_MODEL_NAME: name,
  LEARNFLOW_MODEL_KEY_FILE: keyFile,
  LEARNFLOW_MODEL_SECONDS: seconds,
  LEARNFLOW_MODEL_CALLS_PER_DAY: callsPerDay,
}: Config): Promise<Model | undefined> {
  if (url === undefined || name === undefined) return undefined
  const { openaiModel } = await import('./drivers/openai/model.ts')
  return openaiModel({ url, name, keyFile, limits: { seconds, callsPerDay } })
}

/**
 * Opens all ports from the settings, migrated and with all topics created.
 * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_NEWER, DEPENDENCY_DOWN
 */
export async function openPorts(config: Config, data: DataFolder, { apps, onBroken }: OpenOptions): Promise<Ports> {
  await using stack = new AsyncDisposableStack()
  const { embeddedHistory, embeddedLog, embeddedState, inProcessInvoker, openDatabase } = await embedded()
  const logger = await openLogger(config)
  const model = await openModel(config)
  const sandboxOpening = openInterpreters(config, logger)
  const database = await openDatabase({
    folder: data.database,
    querySeconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
    minFreeMegabytes: config.LEARNFLOW_MIN_FREE_MB,
    onBroken,
  }).catch(async error => {
    await (await sandboxOpening)[Symbol.asyncDispose]()
    throw error
  })
  const history = stack.use(embeddedHistory(database, data.backups))
  const sandbox = stack.use(await sandboxOpening)
  const migration = await history.migrate()
  const log = stack.use(embeddedLog(history, logger))
  for (const topic of topics) await log.createTopic(topic)
  const owned = stack.move()
  return {
    log,
    state: embeddedState(history),
    history,
    sandbox,
    invoker: inProcessInvoker(apps),
    model,
    counts: undefined,
    logger,
    migration,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

/**
 * The ports of one process among several on shared engines (`LEARNFLOW_DRIVERS` direct or dapr), migrated and with all
 * topics created, or with `LEARNFLOW_MIGRATE` off once `learnflow migrate` has done so. `self` is the app name of this process. The sandbox starts with the first program.
 * @throws NOT_RUNNING on the embedded target; DEPENDENCY_DOWN, DATA_FOLDER_NEWER, PORT_IN_USE
 */
export async function openSharedPorts(config: Config, self: string, { apps, onBroken }: OpenOptions): Promise<Ports> {
  if (config.LEARNFLOW_DRIVERS === 'embedded')
    throw new PlatformError('NOT_RUNNING', 'the embedded platform is one process', {
      hint: 'Set LEARNFLOW_DRIVERS to direct or dapr.',
    })
  await using stack = new AsyncDisposableStack()
  const [{ openPostgres, openDirect, openCounts, rewriteState }, { inProcessInvoker }, logger] = [
    await direct(),
    await import('./drivers/embedded/invoker.ts'),
    await openLogger(config),
  ]
  const model = await openModel(config)
  const history = stack.use(openPostgres(config, logger))
  const migrates = config.LEARNFLOW_MIGRATE === 'on'
  const migration = migrates ? await history.migrate() : { applied: [] }
  const beside =
    config.LEARNFLOW_DRIVERS === 'dapr'
      ? stack.use(await (await dapr()).openDapr(config, logger, apps[self] ?? {}))
      : undefined
  const { log, state } = beside ?? openDirect(config, logger, onBroken)
  stack.use(state)
  stack.use(log)
  if (migrates) for (const topic of topics) await log.createTopic(topic)
  else await demandPrepared({ history, log })
  const sandbox = stack.use(await openLazyInterpreters(config, logger))
  const counts = stack.use(openCounts(config, logger))
  const owned = stack.move()
  const invoker = beside?.invoker ?? inProcessInvoker(apps)
  return {
    log,
    state,
    rewriteState: async () => rewriteState(config, logger),
    history,
    sandbox,
    invoker,
    model,
    counts,
    logger,
    migration,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

/** The history of a folder on which no platform runs, for work on the database alone. The caller owns `data`. */
export async function openHistory(config: Config, data: DataFolder): Promise<History> {
  const { embeddedHistory, openDatabase } = await embedded()
  const database = await openDatabase({
    folder: data.database,
    querySeconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
    minFreeMegabytes: config.LEARNFLOW_MIN_FREE_MB,
  })
  return embeddedHistory(database, data.backups)
}

/**
 * The history in a backup, loaded into the empty folder `data` or into memory, at the version at which it was saved.
 * @throws DATA_FOLDER_UNUSABLE when it is no backup.
 */
export async function openBackup(config: Config, backup: Blob, data?: DataFolder): Promise<OpenedCopy> {
  return openCopy(config, { ...(data === undefined ? {} : { folder: data.database }), from: backup }, data?.backups)
}

/** A history in memory without any table. */
export async function openEmptyHistory(config: Config): Promise<OpenedCopy> {
  return openCopy(config, {})
}

/** A history that no platform works on; `dump` packs its whole folder. */
export interface OpenedCopy extends AsyncDisposable {
  history: History
  dump(): Promise<Blob>
}

async function openCopy(
  config: Config,
  place: { folder?: string; from?: Blob },
  backups?: string,
): Promise<OpenedCopy> {
  const { embeddedHistory, openDatabase } = await embedded()
  const database = await openDatabase({
    ...place,
    querySeconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
    minFreeMegabytes: config.LEARNFLOW_MIN_FREE_MB,
  })
  const history = embeddedHistory(database, backups)
  return { history, dump: database.dump, [Symbol.asyncDispose]: async () => history[Symbol.asyncDispose]() }
}

/**
 * The stores of a folder on which no platform runs, migrated, for scripts that need no platform. The caller owns
 * `data`.
 * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_NEWER, DEPENDENCY_DOWN
 */
export async function openStores(
  config: Config,
  data: DataFolder,
): Promise<Pick<Ports, 'log' | 'state' | 'history'> & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const { embeddedLog, embeddedState } = await embedded()
  const history = stack.use(await openHistory(config, data))
  await history.migrate()
  const log = stack.use(embeddedLog(history, await openLogger(config)))
  const owned = stack.move()
  return { log, history, state: embeddedState(history), [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

type EngineStores = Pick<Ports, 'log' | 'state' | 'history'> & AsyncDisposable

/**
 * The stores on external engines, for scripts: without Dapr, migration or creation of anything. They connect on first
 * use. Before a migration of the history its rows are saved in the data folder `backupsOf`.
 */
export async function openEngineStores(config: Config, backupsOf?: string): Promise<EngineStores> {
  await using stack = new AsyncDisposableStack()
  // Retries that succeeded do not concern the user of a script, so only errors are logged.
  const [{ openPostgres, openDirect }, logger] = [
    await direct(),
    await openLogger({ ...config, LEARNFLOW_LOG_LEVEL: 'error' }),
  ]
  const history = stack.use(
    openPostgres(config, logger, backupsOf === undefined ? undefined : dataPaths(backupsOf).backups),
  )
  // A script that reads as a group member gets a failure from its own request.
  const { log, state } = openDirect(config, logger, () => {})
  stack.use(log)
  stack.use(state)
  const owned = stack.move()
  return { log, state, history, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

/**
 * Starts and watches processes whose state, locks and logs are in the data folder: the process that `up` starts as
 * `platform` logs to `platform.log` there.
 */
export function openSupervisor(folder: string): Supervisor {
  return processSupervisor(folder)
}

/** Has this process replace what supervises it when that was killed; nothing for a process that nobody supervises. */
export async function keepSupervised(folder: string): Promise<void> {
  const { keepOwnKeeper } = await import('./drivers/process/start-keeper.ts')
  keepOwnKeeper(folder)
}
