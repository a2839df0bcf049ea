import { rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PlatformProcess, startAgent, startApiAlone, startPlatform } from '../../host/assemble.ts'
import { openHealthPort } from '../../host/health-port.ts'
import type { Config } from '../../platform/config.ts'
import { recordOfSettings } from '../../platform/settings-file.ts'
import { takeDataFolder, dataPaths, writeRunning } from '../../platform/owner/data-folder.ts'
import { codes, PlatformError } from '../../platform/errors.ts'
import { openControlSocket } from '../../platform/owner/control-socket.ts'
import { keepSupervised, openEngineStores } from '../../platform/open.ts'
import { type Prepared, prepareStores } from '../../platform/prepared.ts'
import { localPaths } from '../../platform/targets/local/layout.ts'
import { startStallGuard } from '../../platform/owner/stall-guard.ts'
import { controlHandler } from '../../skills/registry.ts'
import { version } from '../version.ts'

/** The maximum time in ms for finishing work in hand after SIGTERM; a run takes at most 30 s. */
const drainMs = 40_000
const impatientMs = 1_000
/** Pauses in ms between two attempts to start while an engine is unavailable. */
const [shortPauseMs, longPauseMs] = [250, 3_000]
/** An event loop that is blocked for this many query deadlines is considered hung for good. */
const stallQueries = 3

/**
 * Runs the embedded platform in this process until it is asked to stop (SIGINT, SIGTERM, SIGHUP) or a port breaks for
 * good. `ready` is called with the address once everything answers. Resolves with the exit code.
 */
export async function serve(config: Config, ready: (url: string) => Promise<void> | void): Promise<number> {
  const stop = Promise.withResolvers<number>()
  await using data = await takeDataFolder(config.LEARNFLOW_DATA_DIR)
  await rm(dataPaths(data.folder).running, { force: true })
  await keepSupervised(data.folder)
  const started = onStopSignal(() => stop.resolve(0))
  using _guard = startStallGuard(config.LEARNFLOW_DEPENDENCY_SECONDS * stallQueries)
  const platform = await startPlatform(config, data, {
    version,
    onBroken: error => stop.resolve(codes[error.code].exit),
  })
  const controlSocket = await openControlSocket(
    data.folder,
    controlHandler({ config, ports: { ...platform.ports, agents: platform.agents } }),
  )
  await writeRunning(data.folder, {
    pid: process.pid,
    url: platform.url,
    target: 'embedded',
    version,
    started_at: new Date().toISOString(),
    settings: recordOfSettings(),
  })
  started()
  await ready(platform.url)
  const code = await stop.promise
  const drained = Promise.all([controlSocket[Symbol.asyncDispose](), platform[Symbol.asyncDispose]()])
  await Promise.race([drained, tooLate()])
  return code
}

/**
 * Runs one process of a platform with separate engines, an agent or the API, until it is asked to stop or a port breaks
 * for good. What the processes share is in the engines; without a key or a secret's file in the settings the API reads
 * the secret from the data folder. Resolves with the exit code.
 */
export async function serveRole(
  role: { agent: string } | 'api',
  config: Config,
  ready: (running: { url?: string }) => void,
): Promise<number> {
  const stop = Promise.withResolvers<number>()
  onStopSignal(() => stop.resolve(0))()
  const onBroken = (error: PlatformError): void => stop.resolve(codes[error.code].exit)
  await using health = await openHealthPort(config, version)
  await keepSupervised(localPaths(config.LEARNFLOW_DATA_DIR).processes)
  using _guard = startStallGuard(config.LEARNFLOW_DEPENDENCY_SECONDS * stallQueries)
  const start = async (): Promise<PlatformProcess & { url?: string }> =>
    role === 'api' ? startApiAlone(config, { version, onBroken }) : startAgent(role.agent, config, { onBroken })
  const running = await oncePossible(start, stop.promise, health.waiting)
  if (running === undefined) return await stop.promise
  health.working(running.ports)
  ready(running)
  const code = await stop.promise
  health.draining()
  await Promise.race([running[Symbol.asyncDispose](), tooLate()])
  return code
}

/** Prepares the shared engines as soon as they answer; undefined when it was asked to stop before. */
export async function prepareOnce(config: Config): Promise<Prepared | undefined> {
  const stop = Promise.withResolvers<number>()
  onStopSignal(() => stop.resolve(0))()
  await using stores = await openEngineStores(config)
  return await oncePossible(async () => prepareStores(stores), stop.promise)
}

/**
 * Starts as soon as its dependencies are available, and logs what it waits for; undefined when it was asked to stop
 * before.
 */
async function oncePossible<T>(
  start: () => Promise<T>,
  stop: Promise<number>,
  waiting: (why: string) => void = () => {},
): Promise<T | undefined> {
  let lastMessage = ''
  for (let pauseMs = shortPauseMs; ; pauseMs = Math.min(2 * pauseMs, longPauseMs)) {
    try {
      return await Promise.race([start(), stop.then(() => undefined)])
    } catch (error) {
      if (!(error instanceof PlatformError && error.code === 'DEPENDENCY_DOWN')) throw error
      waiting(error.message)
      if (error.message !== lastMessage)
        process.stderr.write(`${error.code}: waiting, because ${error.message}\n${error.hint}\n`)
      lastMessage = error.message
    }
    if (await Promise.race([sleep(pauseMs, false), stop.then(() => true)])) return undefined
  }
}

/**
 * One Ctrl-C can arrive twice at once, from the terminal and from the parent. A later one comes from a person who does
 * not want to wait: then the process exits immediately, and work in hand is repeated at the next start. The same holds
 * until the returned function is called: nothing is in hand, and the end of the process frees its folder.
 */
function onStopSignal(stop: () => void): () => void {
  let starting = true
  let firstAt: number | undefined
  const signalled = (signal: NodeJS.Signals): void => {
    const impatient = firstAt !== undefined && performance.now() - firstAt > impatientMs
    // As a shell has it.
    if (starting || impatient) process.exit(128 + constants.signals[signal])
    firstAt ??= performance.now()
    stop()
  }
  process.on('SIGINT', signalled).on('SIGTERM', signalled).on('SIGHUP', signalled)
  return () => void (starting = false)
}

async function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () =>
        reject(
          new PlatformError('DEPENDENCY_DOWN', `the platform did not drain within ${drainMs / 1_000} s`, {
            hint: 'Nothing is lost: what was in hand is done again at the next start.',
          }),
        ),
      drainMs,
    ).unref()
  })
}
