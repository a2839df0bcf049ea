import type * as z from 'zod'
import { Config, givenSettings, type GivenSettings } from '../../platform/config.ts'
import { PlatformError } from '../../platform/errors.ts'
import { longName, shortName } from '../../platform/settings-file.ts'
import { nearest } from '../nearest.ts'

/** A setting as it is now: `source` is where its value comes from, with file and line where that is a file. */
export interface SettingRow {
  name: string
  value: string
  source: 'default' | 'file' | 'environment'
  file?: string
  line?: number
}

export const allNames = Object.keys(Config.shape)

/** The name as an environment variable is called. @throws NOT_FOUND with the nearest names */
export function knownName(name: string): string {
  const known = longName(name)
  if (allNames.includes(known)) return known
  throw new PlatformError('NOT_FOUND', `no setting is called ${shortName(name).slice(0, 60)}`, {
    hint: `Nearest: ${nearest(shortName(name), allNames.map(shortName)).join(', ')}.`,
  })
}

/** Every setting, or one; `config` holds the values that count. */
export function settingRows(
  config: Config,
  names: readonly string[],
  given: GivenSettings = givenSettings(),
): SettingRow[] {
  return names.map(name => {
    const present = given.values[name]
    const wrong =
      present !== undefined &&
      (Config.shape as unknown as Record<string, z.ZodType>)[name]?.safeParse(present).success === false
    const value = wrong ? `${shown(present)} is wrong` : shown((config as Record<string, unknown>)[name])
    const { file, lines, values } = given.file ?? { file: '', lines: {}, values: {} }
    const base = { name: shortName(name), value }
    if (given.fromEnv.has(name)) return { ...base, source: 'environment' }
    if (values[name] !== undefined) return { ...base, source: 'file', file, line: lines[name] ?? 1 }
    return { ...base, source: 'default' }
  })
}

/** A value as text, without the password of an address, which may hold any sign: from the first `:` to the last `@`. */
export function shown(value: unknown): string {
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(/(:\/\/[^:]*):.*@/s, '$1:***@').replaceAll(/(password\s*=\s*)(?:'[^']*'|[^&\s]*)/gi, '$1***')
}

export const placeOf = ({ source, file, line }: SettingRow): string => (source === 'file' ? `${file}:${line}` : source)
