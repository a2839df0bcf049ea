import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type Definition, definitions, eventDefinitions } from './catalog.ts'

export type Files = ReadonlyMap<string, string>

/** How a folder differs from what it should hold. */
export interface Difference {
  path: string
  state: 'missing' | 'stale' | 'extra'
}

export const generatedFolder = join(import.meta.dirname, 'generated')
/** The schemas of the last released version, which the present ones must not break. */
export const baselineFolder = join(import.meta.dirname, 'baseline')
export const schemaFolders = ['json-schema', 'avro'] as const

/** Indented, with a final newline: the same value always makes the same text. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function filesOf(all: readonly Definition[]): Files {
  return new Map(
    all.flatMap(({ id, json, avro }) => [
      [`json-schema/${id}.json`, jsonText(json)] as const,
      ...(avro === undefined ? [] : [[`avro/${id}.avsc`, jsonText(avro)] as const]),
    ]),
  )
}

/** Every generated schema, by its path in `schemas/generated`. */
export const schemaFiles = (): Files => filesOf(definitions)

/** The event schemas, by their path in `schemas/baseline`. */
export const eventFiles = (): Files => filesOf(eventDefinitions)

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

/** What is in a folder, by path with `/`. Empty when there is no folder. */
export async function readFiles(folder: string): Promise<Files> {
  const paths = await filesUnder(folder)
  const read = paths.map(
    async path => [relative(folder, path).replaceAll('\\', '/'), await readFile(path, 'utf8')] as const,
  )
  return new Map((await Promise.all(read)).toSorted(([one], [other]) => one.localeCompare(other)))
}

/**
 * What must be written to or removed from a folder so that it holds the wanted files and no others, in order of path.
 */
export function differencesOf(present: Files, wanted: Files): Difference[] {
  const found = [...wanted].flatMap(([path, text]): Difference[] => {
    if (!present.has(path)) return [{ path, state: 'missing' }]
    return present.get(path) === text ? [] : [{ path, state: 'stale' }]
  })
  const extra = [...present.keys()]
    .filter(path => !wanted.has(path))
    .map((path): Difference => ({ path, state: 'extra' }))
  return [...found, ...extra].toSorted((one, other) => one.path.localeCompare(other.path))
}

/** Does away with the differences. */
export async function writeFiles(folder: string, wanted: Files, differences: readonly Difference[]): Promise<void> {
  for (const { path, state } of differences) {
    const file = join(folder, path)
    if (state === 'extra') await rm(file)
    else {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, wanted.get(path) ?? '')
    }
  }
}
