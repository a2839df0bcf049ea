import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import '../schemas/missing.ts'
import { PlatformError } from './errors.ts'
import { modelSettings } from './model-settings.ts'
import { tokenSettings } from './token-settings.ts'

/** Environment variables are text. An empty one is an error, because coercion would make it 0. */
const numeric = (value: unknown): unknown => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value)
const seconds = (low: number, high: number) => z.preprocess(numeric, z.number().min(low).max(high))
const count = (low: number, high: number) => z.preprocess(numeric, z.number().int().min(low).max(high))

const addresses = z
  .string()
  .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, with commas between several')

/** Renamed settings: the old name and the new one. */
const renamed: Readonly<Record<string, string>> = {
  LEARNFLOW_ENGINE: 'LEARNFLOW_DRIVERS',
  LEARNFLOW_ENGINES: 'LEARNFLOW_ENGINE_CACHE',
  LEARNFLOW_QUERY_SECONDS: 'LEARNFLOW_DEPENDENCY_SECONDS',
}

/**
 * All settings. Each can be set as environment variable, or in `learnflow.yaml` without the prefix and in lower case
 * (`http_port: 8787`).
 */
export const Config = z.strictObject({
  LEARNFLOW_DRIVERS: z
    .enum(['embedded', 'direct', 'dapr'])
    .default('embedded')
    .describe('the drivers this process uses'),
  LEARNFLOW_DATA_DIR: z
    .string()
    .min(1)
    .default('')
    .describe('the data folder of the embedded platform; by default `$XDG_DATA_HOME/learnflow`'),
  LEARNFLOW_EXERCISES: z
    .string()
    .min(1)
    .optional()
    .describe('the folder of the exercises, one folder each; by default those that come with LearnFlow'),
  LEARNFLOW_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('the address the API listens on'),
  LEARNFLOW_HTTP_PORT: count(0, 65_535).default(8787).describe('the port the API listens on; 0 takes a free one'),
  LEARNFLOW_CORS_ORIGINS: z
    .string()
    .regex(
      /^https?:\/\/[^\s,/]+(,https?:\/\/[^\s,/]+)*$/,
      'must be origins as https://host, with commas between several',
    )
    .optional()
    .describe('the origins of the pages that browsers may call the API from, with commas between; by default none'),
  LEARNFLOW_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('the least severe line that is logged'),
  LEARNFLOW_SANDBOX_PROCESSES: count(1, 64).default(2).describe('interpreter processes kept warm (about 170 MB each)'),
  LEARNFLOW_SANDBOX_QUEUE: count(1, 100_000)
    .default(1_000)
    .describe('programs run without a grade that may wait for an interpreter before 429'),
  LEARNFLOW_RUNS_PER_PERSON: count(1, 1_000)
    .default(8)
    .describe('programs run without a grade that one person may have running or waiting before 429'),
  LEARNFLOW_REQUESTS_PER_MINUTE: count(1, 1_000_000)
    .default(100)
    .describe(
      'requests to the API that one student, or one address without a valid token, may make in a minute before 429',
    ),
  LEARNFLOW_PROOF_SECONDS: seconds(1, 3_600)
    .default(60)
    .describe('interpreter time that the proof of an added exercise may take'),
  LEARNFLOW_CRISIS_CONTACT: z
    .string()
    .min(1)
    .default('https://findahelpline.com lists people who listen, free of charge, in your country.')
    .describe('whom a student is told to talk to who writes of suicide or self-harm'),
  LEARNFLOW_CRISIS_ALERT: z
    .enum(['off', 'on'])
    .default('off')
    .describe("whether such a message, without its text, is among the alerts of the student's classes"),
  LEARNFLOW_LEASE_SECONDS: seconds(1, 25)
    .default(10)
    .describe('how long a claim on a lane holds without renewal; below the 30 s promise'),
  LEARNFLOW_DEPENDENCY_SECONDS: seconds(0.5, 60)
    .default(10)
    .describe('the deadline of one call to PostgreSQL, Kafka, Redis or Dapr'),
  LEARNFLOW_MIN_FREE_MB: count(1, 100_000).default(64).describe('writes are refused below this much free disk space'),
  LEARNFLOW_KAFKA_BROKERS: addresses
    .default('127.0.0.1:9092,127.0.0.1:9094,127.0.0.1:9096')
    .describe('Kafka brokers, `host:port` with commas between'),
  LEARNFLOW_REDIS_NODES: addresses
    .default('127.0.0.1:7001,127.0.0.1:7002,127.0.0.1:7003')
    .describe('nodes of the Redis Cluster, `host:port` with commas between'),
  LEARNFLOW_POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:/)
    .default('postgres://learnflow@127.0.0.1:5432/postgres')
    .describe('the PostgreSQL database of the history'),
  LEARNFLOW_LOCAL_PORTS: count(0, 65_000)
    .default(19_090)
    .describe('the first of the ports that the engines of the `local` target take; 0 takes free ones'),
  LEARNFLOW_DAPR_HTTP_PORT: count(1, 65_535).default(3500).describe('where the sidecar of this process listens'),
  LEARNFLOW_DAPR_APP_PORT: count(0, 65_535).default(3000).describe('where this process listens to its sidecar'),
  LEARNFLOW_ENGINE_CACHE: z
    .string()
    .min(1)
    .optional()
    .describe('where fetched engines are kept; by default `~/.cache/learnflow/engines`'),
  ...modelSettings,
  ...tokenSettings,
})
export type Config = z.infer<typeof Config>

/** `$XDG_DATA_HOME/learnflow`, by default `~/.local/share/learnflow` (XDG Base Directory Specification). */
function defaultDataDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_DATA_HOME']
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.local', 'share'), 'learnflow')
}

/** The nearest `learnflow.yaml` from `folder` upwards. */
function settingsFile(folder: string): string | undefined {
  const file = join(folder, 'learnflow.yaml')
  if (existsSync(file)) return file
  return dirname(folder) === folder ? undefined : settingsFile(dirname(folder))
}

const pathSettings = [
  'LEARNFLOW_DATA_DIR',
  'LEARNFLOW_EXERCISES',
  'LEARNFLOW_ENGINE_CACHE',
  'LEARNFLOW_TOKEN_FILE',
  'LEARNFLOW_MODEL_KEY_FILE',
] as const

/** These settings with each path as an absolute one, seen from `base`. */
const absolute = <Settings extends Record<string, unknown>>(settings: Settings, base: string): Settings => ({
  ...settings,
  ...Object.fromEntries(
    pathSettings.flatMap(name => {
      const value = settings[name]
      return typeof value === 'string' ? [[name, resolve(base, value)]] : []
    }),
  ),
})

function readSettings(file: string): Record<string, unknown> {
  try {
    const settings = z.record(z.string(), z.unknown()).parse(parse(readFileSync(file, 'utf8')) ?? {})
    const named = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`LEARNFLOW_${name.toUpperCase()}`, value]),
    )
    // A relative path in a settings file is relative to that file, not to the current folder.
    return absolute(named, dirname(file))
  } catch (cause) {
    throw new PlatformError('INVALID_INPUT', `${file} is not a YAML mapping of settings`, {
      hint: 'README.md, "Settings", lists every name.',
      cause,
    })
  }
}

/**
 * Reads the settings: flags override `LEARNFLOW_*`, which override `learnflow.yaml` found upwards, which overrides the
 * XDG folders.
 * @throws INVALID_INPUT with every mistake at once.
 */
export function readConfig(
  flags: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Config {
  const file = settingsFile(folder)
  const fromEnv = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('LEARNFLOW_')))
  const given: Record<string, unknown> = {
    LEARNFLOW_DATA_DIR: defaultDataDir(env),
    ...(file === undefined ? {} : readSettings(file)),
    ...fromEnv,
    ...flags,
  }
  const old = Object.keys(given).filter(name => renamed[name] !== undefined)
  const read = Config.safeParse(Object.fromEntries(Object.entries(given).filter(([name]) => !old.includes(name))))
  const twice = given['LEARNFLOW_JWT_PUBLIC_KEY'] !== undefined && given['LEARNFLOW_JWT_JWKS_URL'] !== undefined
  const nameless = given['LEARNFLOW_MODEL_URL'] !== undefined && given['LEARNFLOW_MODEL_NAME'] === undefined
  if (!read.success || old.length > 0 || twice || nameless)
    throw new PlatformError(
      'INVALID_INPUT',
      [
        ...old.map(name => `${name} is called ${renamed[name]} now`),
        ...(twice ? ['set either LEARNFLOW_JWT_PUBLIC_KEY or LEARNFLOW_JWT_JWKS_URL'] : []),
        ...(nameless ? ['LEARNFLOW_MODEL_URL needs LEARNFLOW_MODEL_NAME, the model to ask there'] : []),
        ...(read.success ? [] : [z.prettifyError(read.error)]),
      ].join('\n'),
      { hint: 'README.md, "Settings", lists every setting.' },
    )
  return absolute(read.data, folder)
}

/**
 * The folder for state that is worth keeping but is no data: `$XDG_STATE_HOME/learnflow`, by default under
 * `~/.local/state`.
 */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_STATE_HOME']
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.local', 'state'), 'learnflow')
}

/** The folder where fetched engines are kept. @throws INVALID_INPUT */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return readConfig({}, env).LEARNFLOW_ENGINE_CACHE ?? join(homedir(), '.cache', 'learnflow', 'engines')
}

const ourName = /^LEARNFLOW_/

/** The settings in the environment, for a process that has to be started again later. */
export const environmentSettings = (env: NodeJS.ProcessEnv = process.env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (ourName.test(name) && value !== undefined ? [[name, value]] : [])),
  )

/** The environment with these settings in place of its own. */
export const environmentWith = (
  settings: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !ourName.test(name))),
  ...settings,
})

/** The folders that the shell searches for programs. */
export const searchPath = (env: NodeJS.ProcessEnv = process.env): string => env['PATH'] ?? ''

/** The file in which `up` records the data folder that it started. */
const noteFile = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), 'up.json')

const Note = z.object({ target: z.string().min(1), data_dir: z.string().min(1) })

/** Lets later commands find the platform that `up` started on this folder. */
export function noteUp(dataDir: string, target: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = noteFile(env)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(Note.parse({ target, data_dir: dataDir }))}\n`, { mode: 0o600 })
}

/** Removes that record; one about another folder stays. */
export function forgetUp(dataDir: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = noteFile(env)
  const note = existsSync(file) ? Note.safeParse(jsonOf(readFileSync(file, 'utf8'))) : undefined
  if (note?.success === true && note.data.data_dir === dataDir) rmSync(file, { force: true })
}

/**
 * Settings for a command about an existing platform: as `readConfig`, but where no folder is given, the one recorded by
 * `up` is used while a platform runs on it.
 */
export function findConfig(
  flags: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Config {
  const config = readConfig(flags, env, folder)
  const named = flags.LEARNFLOW_DATA_DIR !== undefined || config.LEARNFLOW_DATA_DIR !== defaultDataDir(env)
  if (named || !existsSync(noteFile(env))) return config
  const note = Note.safeParse(jsonOf(readFileSync(noteFile(env), 'utf8')))
  return note.success && existsSync(join(note.data.data_dir, 'platform.json'))
    ? { ...config, LEARNFLOW_DATA_DIR: note.data.data_dir }
    : config
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
