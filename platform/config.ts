import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import * as z from 'zod'
import { Config, renamed } from './all-settings.ts'
import { engineFiles, engineMistakes } from './engine-settings.ts'
import { PlatformError } from './errors.ts'
import { findSettingsFile, readSettingsFile, type SettingsFile } from './settings-file.ts'

export { Config }

/** `$XDG_DATA_HOME/learnflow`, by default `~/.local/share/learnflow` (XDG Base Directory Specification). */
function defaultDataDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_DATA_HOME']
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.local', 'share'), 'learnflow')
}

const ourName = /^LEARNFLOW_/

/** The settings that are paths. */
export const pathSettings = [
  'LEARNFLOW_DATA_DIR',
  'LEARNFLOW_EXERCISES',
  'LEARNFLOW_ENGINE_CACHE',
  'LEARNFLOW_TOKEN_FILE',
  'LEARNFLOW_JWT_SECRET_FILE',
  ...engineFiles,
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

/** The settings before they are checked, and where each was given. */
export interface GivenSettings {
  values: Record<string, unknown>
  file: SettingsFile | undefined
  fromEnv: ReadonlySet<string>
}

/** @throws INVALID_INPUT when the settings file is no mapping. */
export function givenSettings(
  flags: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): GivenSettings {
  const path = findSettingsFile(folder)
  const file = path === undefined ? undefined : readSettingsFile(path)
  const fromEnv = Object.fromEntries(Object.entries(env).filter(([name]) => ourName.test(name)))
  const values = {
    LEARNFLOW_DATA_DIR: defaultDataDir(env),
    // A relative path in a settings file is relative to that file, not to the current folder.
    ...(file === undefined ? {} : absolute(file.values, dirname(file.file))),
    ...fromEnv,
    ...flags,
  }
  return { values, file, fromEnv: new Set(Object.keys(fromEnv)) }
}

/** What is wrong with one setting, and the line of the settings file that says so, if that does. */
export interface SettingMistake {
  text: string
  line?: number
}

/** Every mistake in given settings. */
export function settingMistakes({ values, file, fromEnv }: GivenSettings): SettingMistake[] {
  const at = (name: string, what: string): SettingMistake => {
    const line = fromEnv.has(name) ? undefined : file?.lines[name]
    return line === undefined ? { text: `${name} ${what}` } : { text: `${file?.file}:${line}: ${name} ${what}`, line }
  }
  const old = Object.keys(values).filter(name => renamed[name] !== undefined)
  const read = Config.safeParse(Object.fromEntries(Object.entries(values).filter(([name]) => !old.includes(name))))
  const twice = values['LEARNFLOW_JWT_PUBLIC_KEY'] !== undefined && values['LEARNFLOW_JWT_JWKS_URL'] !== undefined
  const nameless = values['LEARNFLOW_MODEL_URL'] !== undefined && values['LEARNFLOW_MODEL_NAME'] === undefined
  return [
    ...old.map(name => at(name, `is called ${renamed[name]} now`)),
    ...(twice ? [{ text: 'set either LEARNFLOW_JWT_PUBLIC_KEY or LEARNFLOW_JWT_JWKS_URL' }] : []),
    ...engineMistakes(values).map(text => ({ text })),
    ...(nameless ? [{ text: 'LEARNFLOW_MODEL_URL needs LEARNFLOW_MODEL_NAME, the model to ask there' }] : []),
    ...(read.error?.issues ?? []).flatMap(issue =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(name => at(name, 'is no setting'))
        : [at(String(issue.path[0]), `is wrong: ${issue.message}`)],
    ),
  ]
}

/**
 * Reads the settings: flags override `LEARNFLOW_*`, which override `learnflow.yaml` found upwards, which overrides the
 * XDG folders.
 * @throws INVALID_INPUT with every mistake at once, each with its file and line where it has one.
 */
export function readConfig(
  flags: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Config {
  const given = givenSettings(flags, env, folder)
  const mistakes = settingMistakes(given)
  if (mistakes.length === 0) return absolute(Config.parse(given.values), folder)
  const lines = mistakes.flatMap(({ line }) => line ?? [])
  throw new PlatformError('INVALID_INPUT', mistakes.map(({ text }) => text).join('; '), {
    hint:
      lines.length === 0
        ? 'Correct it in the environment: README.md, "Settings", lists every setting.'
        : `Mend line ${lines.join(', ')} there, or learnflow settings set NAME VALUE.`,
  })
}

/** The settings without those that are wrong, for what has to work whatever they say: their defaults instead. */
export function rightSettings(
  flags: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Config {
  const fallback = { LEARNFLOW_DATA_DIR: defaultDataDir(env) }
  const given = ((): Record<string, unknown> => {
    try {
      return givenSettings(flags, env, folder).values
    } catch {
      return { ...fallback, ...flags }
    }
  })()
  const right = Object.entries(given).filter(([name, value]) => {
    const setting = (Config.shape as Record<string, z.ZodType>)[name]
    return setting?.safeParse(value).success === true
  })
  return absolute(Config.parse({ ...fallback, ...Object.fromEntries(right) }), folder)
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
  return withNote(readConfig(flags, env, folder), flags, env, folder)
}

/** The same without the settings that are wrong, for what has to work whatever they say. */
export const rightConfig = (
  flags: Partial<Config> = {},
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): Config => withNote(rightSettings(flags, env, folder), flags, env, folder)

function withNote(config: Config, flags: Partial<Config>, env: NodeJS.ProcessEnv, folder: string): Config {
  const named = config.LEARNFLOW_DATA_DIR !== defaultDataDir(env) || namesFolder(flags, env, folder)
  if (named || !existsSync(noteFile(env))) return config
  const note = Note.safeParse(jsonOf(readFileSync(noteFile(env), 'utf8')))
  return note.success && existsSync(join(note.data.data_dir, 'platform.json'))
    ? { ...config, LEARNFLOW_DATA_DIR: note.data.data_dir }
    : config
}

/** Whether a data folder is given, be it the default one. */
function namesFolder(flags: Partial<Config>, env: NodeJS.ProcessEnv, folder: string): boolean {
  if (flags.LEARNFLOW_DATA_DIR !== undefined || env['LEARNFLOW_DATA_DIR'] !== undefined) return true
  try {
    return givenSettings({}, env, folder).file?.values['LEARNFLOW_DATA_DIR'] !== undefined
  } catch {
    // A settings file that cannot be read names nothing, which its reader says.
    return false
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
