import type { Logger } from 'pino'
import { topics } from '../schemas/topics.ts'
import type { Config } from './config.ts'
import type { DataFolder } from './owner/data-folder.ts'
import type { Apps } from './drivers/embedded/invoker.ts'
import { processSupervisor } from './drivers/process/supervisor.ts'
import { PlatformError } from './errors.ts'
import type { EventLog } from './ports/event-log.ts'
import type { History, MigrationReport } from './ports/history.ts'
import type { Invoker } from './ports/invoker.ts'
import type { Sandbox } from './ports/sandbox.ts'
import type { StateStore } from './ports/state-store.ts'
import type { Supervisor } from './ports/supervisor.ts'

/** Everything an agent, the API or a script may stand on. Disposing closes all of it. */
export interface Ports extends AsyncDisposable {
  log: EventLog
  state: StateStore
  history: History
  sandbox: Sandbox
  invoker: Invoker
  logger: Logger
  migration: MigrationReport
}

export interface OpenOptions {
  /** The apps that `invoker` reaches in this process. */
  apps: Apps
  /** Called once when a port is broken for good and the process should be replaced. */
  onBroken: (error: PlatformError) => void
}

/** Engines are imported when one is opened: a command that only starts, stops or looks stays fast. */
const embedded = async () => import('./drivers/embedded/all.ts')
const direct = async () => import('./drivers/direct/all.ts')
const dapr = async () => import('./drivers/dapr/all.ts')

/** The log of a process: JSON lines on stderr, or on the terminal's own terms through `pino-pretty`. */
async function openLogger(config: Config): Promise<Logger> {
  const { pino, stdSerializers } = await import('pino')
  return pino(
    {
      level: config.LEARNFLOW_LOG_LEVEL,
      base: { pid: process.pid },
      serializers: { error: stdSerializers.err },
      redact: ['*.token', '*.secret', '*.authorization'],
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

/** The Python sandbox alone, for work that needs no platform. */
export async function openInterpreters(config: Config): Promise<Sandbox> {
  const { openSandbox } = await import('./drivers/sandbox/pyodide.ts')
  return openSandbox({ processes: config.LEARNFLOW_SANDBOX_PROCESSES, queueLimit: config.LEARNFLOW_SANDBOX_QUEUE })
}

/** The same, started with the first program. */
export async function openLazyInterpreters(config: Config): Promise<Sandbox> {
  const { lazySandbox } = await import('./drivers/sandbox/lazy.ts')
  return lazySandbox(async () => openInterpreters(config))
}

/**
 * Settings to ports, migrated and with all topics there.
 * @throws DATA_FOLDER_UNUSABLE, DATA_FOLDER_NEWER, DEPENDENCY_DOWN
 */
export async function openPorts(config: Config, data: DataFolder, { apps, onBroken }: OpenOptions): Promise<Ports> {
  await using stack = new AsyncDisposableStack()
  const { embeddedHistory, embeddedLog, embeddedState, inProcessInvoker, openDatabase } = await embedded()
  const logger = await openLogger(config)
  const sandboxOpening = openInterpreters(config)
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
    logger,
    migration,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

/**
 * The ports of one process among several on shared engines (`LEARNFLOW_DRIVERS` direct or dapr), migrated and with all topics there.
 * `self` is the app that this process is for the others. The sandbox starts with the first program.
 * @throws NOT_RUNNING on the embedded target; DEPENDENCY_DOWN, DATA_FOLDER_NEWER, PORT_IN_USE
 */
export async function openSharedPorts(config: Config, self: string, { apps, onBroken }: OpenOptions): Promise<Ports> {
  if (config.LEARNFLOW_DRIVERS === 'embedded')
    throw new PlatformError('NOT_RUNNING', 'the embedded platform is one process', {
      hint: 'Set LEARNFLOW_DRIVERS to direct or dapr.',
    })
  await using stack = new AsyncDisposableStack()
  const [{ openPostgres, openDirect }, { inProcessInvoker }, logger] = [
    await direct(),
    await import('./drivers/embedded/invoker.ts'),
    await openLogger(config),
  ]
  const history = stack.use(openPostgres(config, logger))
  const migration = await history.migrate()
  const beside =
    config.LEARNFLOW_DRIVERS === 'dapr'
      ? stack.use(await (await dapr()).openDapr(config, logger, apps[self] ?? {}))
      : undefined
  const { log, state } = beside ?? openDirect(config, logger, onBroken)
  stack.use(state)
  stack.use(log)
  for (const topic of topics) await log.createTopic(topic)
  const sandbox = stack.use(await openLazyInterpreters(config))
  const owned = stack.move()
  const invoker = beside?.invoker ?? inProcessInvoker(apps)
  return {
    log,
    state,
    history,
    sandbox,
    invoker,
    logger,
    migration,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

/** The history of a folder that nobody runs, for work on the database alone. The caller owns `data`. */
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
 * The history that a backup holds: filled into the empty folder `data`, or in memory. It is left at the version it was saved at.
 * @throws DATA_FOLDER_UNUSABLE when it is no backup.
 */
export async function openBackup(config: Config, backup: Blob, data?: DataFolder): Promise<History> {
  const { embeddedHistory, openDatabase } = await embedded()
  const database = await openDatabase({
    ...(data === undefined ? {} : { folder: data.database }),
    from: backup,
    querySeconds: config.LEARNFLOW_DEPENDENCY_SECONDS,
    minFreeMegabytes: config.LEARNFLOW_MIN_FREE_MB,
  })
  return embeddedHistory(database, data?.backups)
}

/**
 * The stores of a folder that nobody runs, migrated, for scripts that need no platform. The caller owns `data`.
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

/** The stores on engines of their own, for scripts: beneath Dapr, without migrating or creating anything. They connect when they are first asked. */
export async function openEngineStores(config: Config): Promise<EngineStores> {
  await using stack = new AsyncDisposableStack()
  // What was tried again and went well is no news to who runs a script.
  const [{ openPostgres, openDirect }, logger] = [
    await direct(),
    await openLogger({ ...config, LEARNFLOW_LOG_LEVEL: 'error' }),
  ]
  const history = stack.use(openPostgres(config, logger))
  // A script that reads as a member of a group is told of a break by what it asked.
  const { log, state } = openDirect(config, logger, () => {})
  stack.use(log)
  stack.use(state)
  const owned = stack.move()
  return { log, state, history, [Symbol.asyncDispose]: async () => owned.disposeAsync() }
}

/** Starts and watches processes whose state, locks and logs are in the data folder: what `up` starts under the name `platform` prints into `platform.log` there. */
export function openSupervisor(folder: string): Supervisor {
  return processSupervisor(folder)
}
