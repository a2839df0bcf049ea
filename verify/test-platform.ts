import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { execa } from 'execa'
import { readRunning } from '../platform/owner/data-folder.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { modelSettings } from '../platform/model-settings.ts'
import { tokenSettings } from '../platform/token-settings.ts'

/** The root of this package, from which platforms are started. */
export const root = join(import.meta.dirname, '..')
const sources = [
  'agents',
  'api',
  'bench',
  'bin',
  'exercises',
  'host',
  'manifests',
  'platform',
  'schemas',
  'skills',
  'tutor',
  'verify',
  'package.json',
]
/** The settings of tokens and of a model, taken away: what is measured does not hang on the providers of this machine. */
export const ownSettings: Readonly<Record<string, undefined>> = Object.fromEntries(
  Object.keys({ ...tokenSettings, ...modelSettings }).map(name => [name, undefined]),
)

/** The settings for a throwaway platform. @throws INVALID_INPUT */
export const throwawayConfig = (flags: Partial<Config> = {}): Config => readConfig({ ...ownSettings, ...flags })

/** Measurements send more than a student would. */
export const unlimited = { LEARNFLOW_REQUESTS_PER_MINUTE: '1000000' }
const defaultSettings = { LEARNFLOW_LOG_LEVEL: 'warn', LEARNFLOW_SANDBOX_PROCESSES: '1', ...unlimited }
const startMs = 180_000
const stopMs = 45_000

/** A throwaway platform that may be broken: its data folder is temporary and its port is free. */
export interface TestPlatform extends AsyncDisposable {
  folder: string
  url: string
  /** The process that owns the folder. */
  pid: number
  /** Kills it with SIGKILL and starts it again on the same data. */
  restart(): Promise<void>
}

export interface TestPlatformOptions {
  /** A data folder to use; it is removed at the end unless `keep` is set. */
  folder: string
  /** The source tree to start from; by default this one. */
  tree?: string
  /** Undefined takes a setting of this process away. */
  settings?: Readonly<Record<string, string | undefined>>
}

/** @throws DEPENDENCY_DOWN with the last lines of its log when it does not start. */
export async function startTestPlatform({
  folder,
  tree = root,
  settings = {},
}: TestPlatformOptions): Promise<TestPlatform> {
  let started = await launch(folder, tree, settings)
  return {
    folder,
    get url() {
      return started.url
    },
    get pid() {
      return started.pid
    },
    async restart() {
      started.child.kill('SIGKILL')
      await started.child.ended
      started = await launch(folder, tree, settings)
    },
    async [Symbol.asyncDispose]() {
      started.child.kill('SIGCONT')
      started.child.kill('SIGTERM')
      const late = setTimeout(() => started.child.kill('SIGKILL'), stopMs)
      await started.child.ended
      clearTimeout(late)
    },
  }
}

/** Starts the platform and waits until it prints its address. */
async function launch(folder: string, tree: string, settings: NonNullable<TestPlatformOptions['settings']>) {
  const args = [
    join(tree, 'bin', `learnflow${extname(import.meta.filename)}`),
    'serve',
    '--data',
    folder,
    '--port',
    '0',
  ]
  const child = execa(process.execPath, args, {
    cwd: folder,
    env: { ...ownSettings, ...defaultSettings, ...settings },
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
  })
  let ended = false
  const noticing = child.then(() => (ended = true))
  for (const start = performance.now(); performance.now() - start < startMs;) {
    const running = await readRunning(folder)
    if (running !== undefined && running.pid === child.pid)
      return {
        child: { kill: (signal: NodeJS.Signals) => child.kill(signal), ended: noticing },
        url: running.url,
        pid: running.pid,
      }
    if (ended) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  const { stderr } = await child
  throw new PlatformError(
    'DEPENDENCY_DOWN',
    `a throwaway platform did not start: ${String(stderr).split('\n').slice(-5).join(' | ').slice(0, 600)}`,
    {
      hint: 'learnflow doctor',
    },
  )
}

/** A temporary folder that is removed when it is disposed. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'learnflow-'))
  return { path, [Symbol.asyncDispose]: async () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}

/** A copy of the sources that can be damaged; the installed packages are shared. */
export async function copyTree(to: string): Promise<void> {
  await Promise.all(sources.map(async name => cp(join(root, name), join(to, name), { recursive: true })))
  await symlink(join(root, 'node_modules'), join(to, 'node_modules'))
}
