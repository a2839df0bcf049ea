import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isMap, LineCounter, parseDocument } from 'yaml'
import { hasCode, PlatformError } from './errors.ts'

export const settingsFileName = 'learnflow.yaml'
const prefix = 'LEARNFLOW_'

/** The settings of a file, by their names as environment variables, and the line of each. */
export interface SettingsFile {
  file: string
  values: Record<string, unknown>
  lines: Readonly<Record<string, number>>
}

/** `http_port` or `LEARNFLOW_HTTP_PORT`, as an environment variable is called. */
export const longName = (name: string): string =>
  name.startsWith(prefix) ? name : `${prefix}${name.toUpperCase().replaceAll('-', '_')}`

/** As `learnflow.yaml` calls it. */
export const shortName = (name: string): string =>
  (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase()

/** The nearest settings file from `folder` upwards. */
export function findSettingsFile(folder: string): string | undefined {
  const file = join(folder, settingsFileName)
  if (existsSync(file)) return file
  return dirname(folder) === folder ? undefined : findSettingsFile(dirname(folder))
}

/** @throws INVALID_INPUT naming the file and the line when it is no YAML mapping or cannot be read. */
export function readSettingsFile(file: string): SettingsFile {
  const counter = new LineCounter()
  const document = parseDocument(textOf(file), { lineCounter: counter })
  const [fault] = document.errors
  if (fault !== undefined)
    throw broken(
      file,
      counter.linePos(fault.pos[0]).line,
      (fault.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
    )
  if (document.contents === null) return { file, values: {}, lines: {} }
  if (!isMap(document.contents)) throw broken(file, 1, 'it is not a YAML mapping of settings')
  const values: Record<string, unknown> = {}
  const lines: Record<string, number> = {}
  for (const [name, value] of Object.entries(document.toJS() as Record<string, unknown>)) values[longName(name)] = value
  for (const { key } of document.contents.items) {
    const { range, value } = key as { range?: [number, number, number]; value?: unknown }
    if (range !== undefined) lines[longName(String(value))] = counter.linePos(range[0]).line
  }
  return { file, values, lines }
}

/** What a settings file said: its path, or the folder in which none was found, and a short digest of each setting. */
export interface SettingsRecord {
  file?: string | undefined
  folder?: string | undefined
  digests: Record<string, string>
}

/** Of the nearest file from `folder` upwards. */
export function recordOfSettings(folder: string = process.cwd()): SettingsRecord {
  const file = findSettingsFile(folder)
  return file === undefined ? { folder, digests: {} } : { file, digests: digestsOf(file) }
}

function digestsOf(file: string): Record<string, string> {
  if (!existsSync(file)) return {}
  const digest = (value: unknown): string =>
    createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)
  const { values } = readSettingsFile(file)
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digest(value)]))
}

/**
 * The settings that the file gives another value than at the time of the record, or no longer gives; the name of the
 * file when it cannot be read any more.
 */
export function changedSettings({ folder, digests: before, ...of }: SettingsRecord): string[] {
  const file = of.file ?? (folder === undefined ? undefined : findSettingsFile(folder))
  if (file === undefined) return []
  try {
    const now = digestsOf(file)
    return Object.keys({ ...before, ...now })
      .filter(name => before[name] !== now[name])
      .map(shortName)
  } catch (error) {
    if (!hasCode(error, 'INVALID_INPUT')) throw error
    return [settingsFileName]
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new PlatformError(
      'INVALID_INPUT',
      `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? ''})`,
      {
        hint: 'Correct its permissions, or remove it.',
        cause,
      },
    )
  }
}

const broken = (file: string, line: number, what: string): PlatformError =>
  new PlatformError('INVALID_INPUT', `${file}:${line}: ${what}`, {
    hint: `Mend line ${line} there; learnflow settings check says when it is right.`,
  })
