import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, parse, relative, resolve, sep } from 'node:path'
import type { Config } from '../platform/config.ts'
import { PlatformError } from '../platform/errors.ts'
import { parseInput } from '../skills/definition.ts'
import type { Operation } from './catalog.ts'
import { pathFields } from './stub.ts'

/**
 * The input of an operation, parsed by its schema. Paths must stay within this server's working folder or the data
 * folder, because a remote caller does not own the machine.
 * @throws INVALID_INPUT, FORBIDDEN
 */
export function inputOf({ op, script }: Operation, args: unknown, config: Config): Record<string, unknown> {
  const input = parseInput(op, script, args ?? {})
  for (const name of pathFields(script.input)) {
    // Only paths that the caller gave are checked; defaults come from the script.
    const path = Object.hasOwn(Object(args), name) ? input[name] : undefined
    if (typeof path === 'string') demandInside(name, path, [process.cwd(), config.LEARNFLOW_DATA_DIR])
  }
  return input
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
