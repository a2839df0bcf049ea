import { chmod } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { execa } from 'execa'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import {
  type Topology,
  localPaths,
  type Instance,
  type InstanceRole,
  withTopology,
} from '../platform/targets/local/layout.ts'
import type { Home } from '../platform/targets/local/home.ts'
import { startInstance } from '../platform/targets/local/members.ts'
import { updateTopology, demandTopology } from '../platform/targets/local/topology.ts'
import { commandOf, instanceOf, sidecarName, withInstance } from '../platform/targets/local/instances.ts'
import { openEngineStores, openSupervisor, type Ports } from '../platform/open.ts'
import { openProbe, type Probe } from './check.ts'
import { ownSettings, root, temporaryFolder, throwawayConfig, unlimited } from './test-platform.ts'
import { watchedBy, release, killLeft } from './test-processes.ts'

/** How scripts run on the platform of these settings; a parameter because verify may not import the skills. */
export type OperateOn = (config: Config) => Probe['operate']

/**
 * A throwaway platform of real engines that may be broken: it lives in a temporary folder, which is removed whatever
 * was done to it.
 */
export interface LocalTestPlatform extends AsyncDisposable {
  folder: string
  topology: Topology
  probe: Probe
  /** Its engines, without the agents and the API. */
  stores: Pick<Ports, 'log' | 'state' | 'history'>
  /** The file of the `learnflow` command. */
  command: string
  /** The settings that its processes were started with. */
  env: Readonly<Record<string, string>>
  /** The names of the processes of a role. */
  namesOf(role: InstanceRole): string[]
  /** Node's arguments for running this process. */
  argumentsOf(name: string): string[]
  /** Starts one more process of a role, with its sidecar, until it is disposed. */
  add(role: InstanceRole): Promise<AsyncDisposable>
  /** @throws NOT_RUNNING when the process has no pid now. */
  signal(name: string, signal: NodeJS.Signals): Promise<void>
  /** Kills processes with SIGKILL and keeps their supervisors from restarting them until it is disposed. */
  holdDown(names: readonly string[]): Promise<AsyncDisposable>
}

export interface LocalTestPlatformOptions {
  /** Without it, `probe.operate` does not work. */
  operateOn?: OperateOn
  /** The source tree to start from; by default this one. */
  tree?: string
  /** Settings of the processes, in addition to the defaults. */
  settings?: Record<string, string>
}

const defaultSettings = {
  LEARNFLOW_LOCAL_PORTS: '0',
  LEARNFLOW_LOG_LEVEL: 'warn',
  LEARNFLOW_SANDBOX_PROCESSES: '1',
  LEARNFLOW_LEASE_SECONDS: '3',
  ...unlimited,
}
const startSeconds = '180'
const stopMs = 20_000
/** 128 + SIGINT, the exit code that a shell uses. */
const interruptedCode = 130

/**
 * Starts everything with `learnflow up --target local`. @throws DEPENDENCY_DOWN with its output when it does not start.
 */
export async function startLocalTestPlatform({
  operateOn,
  tree = root,
  settings = {},
}: LocalTestPlatformOptions = {}): Promise<LocalTestPlatform> {
  const owned = new AsyncDisposableStack()
  let ending: Promise<void> | undefined
  // One Ctrl-C can arrive twice, from the terminal and from the parent.
  const interrupted = (): void => void (ending ??= owned.disposeAsync().finally(() => process.exit(interruptedCode)))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, interrupted)
    owned.defer(() => void process.off(signal, interrupted))
  }
  try {
    const { path } = owned.use(await temporaryFolder())
    // PostgreSQL may have to run as another user, who needs access to its folder.
    await chmod(path, 0o711)
    const entry = join(tree, 'bin', `learnflow${extname(import.meta.filename)}`)
    const folder = join(path, 'data')
    // `up` records what it started; later commands of the user must not find this platform.
    const env = { ...ownSettings, ...defaultSettings, ...settings, XDG_STATE_HOME: join(path, 'state') }
    const learnflow = async (...args: string[]) =>
      execa(process.execPath, [entry, ...args, '--data', folder], { cwd: path, env, reject: false })
    owned.defer(async () => {
      await release(folder)
      await learnflow('down', '--grace-seconds', '20')
      await killLeft(folder)
    })
    const up = await learnflow('up', '--target', 'local', '--port', '0', '--wait-seconds', startSeconds)
    if (up.exitCode !== 0)
      throw new PlatformError('DEPENDENCY_DOWN', `a throwaway platform did not start: ${up.stderr.slice(-800)}`, {
        hint: 'learnflow doctor --target local',
      })
    const config = throwawayConfig({ LEARNFLOW_DATA_DIR: folder })
    const topology = await demandTopology(folder)
    const stores = owned.use(
      await openEngineStores({ ...withTopology(config, topology), LEARNFLOW_LOG_LEVEL: 'silent' }),
    )
    const probe = await openProbe(folder, config, operateOn?.(config))
    const home = { folder, topology, supervisor: openSupervisor(localPaths(folder).processes), entry }
    return {
      folder,
      topology,
      probe,
      stores,
      command: entry,
      env,
      ...processControls(home),
      [Symbol.asyncDispose]: async () => owned.disposeAsync(),
    }
  } catch (error) {
    await owned.disposeAsync()
    throw error
  }
}

/** Controls for the processes of a platform. */
function processControls({
  folder,
  topology,
  supervisor,
  entry,
}: Home): Pick<LocalTestPlatform, 'namesOf' | 'argumentsOf' | 'add' | 'signal' | 'holdDown'> {
  return {
    namesOf: role => topology.members.filter(instance => instance.role === role).map(({ name }) => name),
    argumentsOf: name => [entry, ...commandOf(instanceOf(topology, name), folder)],
    async add(role) {
      const wider = await updateTopology(folder, now => withInstance(now, role))
      const instance = wider.members.at(-1) as Instance
      await startInstance(instance, { folder, topology: wider, supervisor, entry })
      return {
        async [Symbol.asyncDispose]() {
          for (const name of [instance.name, sidecarName(instance)]) await supervisor.stop(name, stopMs)
          await updateTopology(folder, now => ({
            ...now,
            members: now.members.filter(({ name }) => name !== instance.name),
          }))
        },
      }
    },
    async signal(name, signal) {
      const { pid } = await supervisor.status(name)
      if (pid === undefined) throw new PlatformError('NOT_RUNNING', `${name} has no process`, { hint: 'See its log.' })
      process.kill(pid, signal)
    },
    async holdDown(names) {
      const watched = await Promise.all(names.map(async name => watchedBy(folder, name)))
      for (const { watcher } of watched) process.kill(watcher, 'SIGSTOP')
      for (const { pid } of watched) if (pid !== undefined) process.kill(pid, 'SIGKILL')
      return { [Symbol.asyncDispose]: async () => watched.forEach(({ watcher }) => process.kill(watcher, 'SIGCONT')) }
    },
  }
}
