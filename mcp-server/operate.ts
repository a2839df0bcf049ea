import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, parse, relative, resolve, sep } from 'node:path'
import { pathSettings } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { longName, shortName } from '../platform/settings-file.ts'
import { parseInput } from '../skills/definition.ts'
import type { Operation } from './catalog.ts'
import { pathFields } from './stub.ts'

/** What a caller may reach. */
export interface Reach {
  /** The data folder at the start of the server: a setting that was changed since opens no other. */
  home: string
  /** The subject of the caller's token; undefined where none is needed. */
  by?: string | undefined
}

/**
 * The input of an operation, parsed by its schema. Paths must stay within this server's working folder or the data
 * folder, because a remote caller does not own the machine.
 * @throws INVALID_INPUT, FORBIDDEN
 */
export function inputOf({ op, script }: Operation, args: unknown, { home, by }: Reach): Record<string, unknown> {
  const input = parseInput(op, script, args ?? {})
  if (op === 'settings/set' && by !== undefined) demandHarmless(String(input['name']))
  for (const name of pathFields(script.input)) {
    // Only paths that the caller gave are checked; defaults come from the script.
    const path = Object.hasOwn(Object(args), name) ? input[name] : undefined
    if (typeof path === 'string') demandInside(name, path, [process.cwd(), home])
  }
  return input
}

/** Folders, the servers that get the platform's data, and whom it trusts. */
const guarded = /^LEARNFLOW_(?:JWT|MODEL|POSTGRES|KAFKA|REDIS)_/

function demandHarmless(name: string): void {
  const known = longName(name)
  if (guarded.test(known) || (pathSettings as readonly string[]).includes(known))
    throw new PlatformError('FORBIDDEN', `${shortName(known)} is not set from another machine`, {
      hint: `On its own machine: learnflow settings set ${shortName(known)} VALUE`,
    })
}

function demandInside(name: string, path: string, folders: readonly string[]): void {
  const real = path.includes('\0') ? undefined : realOf(resolve(path))
  // A host may start this server in the root of the file system, which does not count as a working folder.
  const roots = folders.filter(folder => parse(folder).root !== folder).map(realOf)
  if (real === undefined || !roots.some(root => root !== undefined && isInside(root, real)))
    throw new PlatformError('FORBIDDEN', `${name} is outside the working folder`, {
      hint: `Give a path inside ${folders[0]}.`,
    })
}

const isInside = (root: string, path: string): boolean => {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep)
}

/** The path with every link followed, as far as it exists; undefined when no file system could hold it. */
function realOf(path: string): string | undefined {
  if (path.length > 4_096) return undefined
  try {
    if (existsSync(path)) return realpathSync(path)
  } catch {
    return undefined
  }
  const parent = dirname(path)
  if (parent === path) return path
  const real = realOf(parent)
  return real === undefined ? undefined : join(real, basename(path))
}
